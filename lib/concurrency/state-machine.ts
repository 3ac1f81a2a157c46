import { MoonpoolError } from '../errors/moonpool-error';

/** The moves that a state machine allows: for each state, the states that may follow. */
export type Moves<State extends string> = Readonly<Record<State, readonly State[]>>;

/**
 * The state that follows, for those who keep their states themselves because there are very many of them.
 * @param owner for the message. @throws MoonpoolError INVALID_STATE_MOVE
 */
export function moved<State extends string>(moves: Moves<State>, owner: string, from: State, next: State): State {
  if (moves[from].includes(next)) return next;
  throw new MoonpoolError('INVALID_STATE_MOVE', { message: `${owner} cannot move from ${from} to ${next}` });
}

/** A declared state machine. A move that is not declared is refused by an error that names both states. */
export class StateMachine<State extends string> {
  private current: State;

  constructor(
    private readonly owner: string,
    private readonly moves: Moves<State>,
    initial: State,
  ) {
    this.current = initial;
  }

  get state(): State {
    return this.current;
  }

  is(state: State): boolean {
    return this.current === state;
  }

  /** @throws MoonpoolError INVALID_STATE_MOVE */
  move(next: State): void {
    this.current = moved(this.moves, this.owner, this.current, next);
  }
}

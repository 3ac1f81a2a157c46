import { MoonpoolError } from '../errors/moonpool-error';

/** The moves that a state machine allows: for each state, the states that may follow. */
export type Moves<State extends string> = Readonly<Record<State, readonly State[]>>;

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
    if (!this.moves[this.current].includes(next)) {
      throw new MoonpoolError('INVALID_STATE_MOVE', {
        message: `${this.owner} cannot move from ${this.current} to ${next}`,
      });
    }
    this.current = next;
  }
}

import { IsInt, IsString, Max, Min } from 'class-validator';
import { Actor, ActorContext, ActorState, Handler, inject, Persist, Timer, unchecked } from 'moonpool';
import { CLOCKS, type GameKey, type Pairing, type Seat } from './contest';
import { Referee } from './referee';

/** A move. With its number it may be sent again when no answer came. */
export class Move {
  @IsString() player!: string;
  @IsInt() @Min(0) @Max(8) number!: number;
  @IsInt() @Min(0) @Max(8) cell!: number;
}

/** How a game ended; nobody wins one that is drawn. */
export interface Ending {
  readonly why: 'line' | 'draw' | 'time';
  readonly winner: string | undefined;
}

/** What everybody may see of a game. */
export interface Board {
  /** The name of the node that the game lives on. */
  readonly node: string;
  readonly cross: string;
  readonly nought: string;
  readonly moves: readonly Move[];
  /** Whose move it is; undefined when the game is over. */
  readonly next: string | undefined;
  readonly ending: Ending | undefined;
}

/** A game as it is kept in the store. */
export class Match {
  pairing: Pairing | undefined;
  moves: Move[] = [];
  ending: Ending | undefined;
}

/** One game of noughts and crosses, under the key [region, mode, number]. */
@Actor({ name: 'Game' })
export class Game {
  @Persist(Match) private readonly match!: ActorState<Match>;
  /** Begins again with each activation: nobody shall lose because a node died. */
  private movedAt = 0;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  onActivate(): void {
    this.movedAt = this.context.time.now();
  }

  /** Begins the game, or wakes it: a game that nobody calls has no clock, for its timer dies with its node. */
  // The lobby says it, which knows what it says: an interface has no rules to check it by.
  @Handler({ accepts: unchecked }) async attend(pairing: Pairing): Promise<void> {
    if (this.match.value.pairing !== undefined) return;
    this.match.value.pairing = pairing;
    this.movedAt = this.context.time.now();
    await this.match.persist();
  }

  /** Takes a cell. Nothing else can happen in this game while it waits for the referee: turns do not overlap. */
  @Handler() async move(move: Move): Promise<Board> {
    const { moves, ending } = this.match.value;
    const known = moves[move.number];
    if (known !== undefined && known.player === move.player && known.cell === move.cell) return this.board();
    const next = this.next();
    if (ending !== undefined || next?.name !== move.player || moves.length !== move.number)
      throw new RangeError(`it is not the move of ${move.player}`);
    if (moves.some(({ cell }) => cell === move.cell)) throw new RangeError(`cell ${move.cell} is taken`);
    const taken = [...moves, move];
    const verdict = await this.context.actor(Referee, 'any').judge(taken.map(({ cell }) => cell));
    this.match.value.moves = taken;
    this.movedAt = this.context.time.now();
    if (verdict === 'won') this.match.value.ending = { why: 'line', winner: move.player };
    if (verdict === 'drawn') this.match.value.ending = { why: 'draw', winner: undefined };
    await this.match.persist();
    return this.board();
  }

  @Handler({ readOnly: true }) async board(): Promise<Board> {
    const { pairing, moves, ending } = this.match.value;
    if (pairing === undefined) throw new RangeError('there is no such game');
    const [cross, nought] = [pairing.cross.name, pairing.nought.name];
    return { node: this.context.node.name, cross, nought, moves, next: this.next()?.name, ending };
  }

  /** Who does not move in time loses. What a turn of the clock throws is logged, and the next one tries again. */
  @Timer({ everyMs: 100, keepsAlive: true }) async clock(): Promise<void> {
    const { value } = this.match;
    const [, mode] = this.context.keyParts as unknown as GameKey;
    const late = this.next();
    if (late !== undefined && this.context.time.now() - this.movedAt > CLOCKS[mode]) {
      value.ending = { why: 'time', winner: this.seats().find((seat) => seat !== late)?.name };
      await this.match.persist();
    }
    if (value.ending !== undefined) await this.handOver(value.ending);
  }

  /**
   * Tells both players and the lobby. That is done by the clock and never by the move that ends the game: a player may be
   * waiting for that move, and would wait for himself. It is done again until all have it, so they take it once.
   */
  private async handOver({ winner }: Ending): Promise<void> {
    const [, , number] = this.context.keyParts as unknown as GameKey;
    await Promise.all(
      this.seats().map(({ player, name, wish }) => {
        const result = winner === undefined ? 'drawn' : winner === name ? 'won' : 'lost';
        return player.$with({ timeoutMs: 2_000 }).finished(wish, result);
      }),
    );
    await this.match.value.pairing?.lobby.$with({ timeoutMs: 2_000 }).closed(number);
    this.context.deactivateOnIdle();
  }

  private seats(): readonly Seat[] {
    const { pairing } = this.match.value;
    return pairing === undefined ? [] : [pairing.cross, pairing.nought];
  }

  /** Crosses begin. Nobody is next before the beginning and after the end. */
  private next(): Seat | undefined {
    const { moves, ending } = this.match.value;
    return ending === undefined ? this.seats()[moves.length % 2] : undefined;
  }
}

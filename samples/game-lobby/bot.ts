import { retry, type ActorReference, type CallOptions } from 'moonpool';
import type { LobbyKey } from './contest';
import type { Board, Game } from './game';
import type { Player } from './player';

/** What a player's program needs from where it runs: a process with real time, or a simulation. */
export interface World {
  sleep(ms: number): Promise<void>;
  /** A whole number from 0 to below the bound. */
  below(bound: number): number;
  /** Called with each failure that is followed by another attempt. */
  onRetry?(error: unknown): void;
  /** Is notified of each look at a game. */
  onBoard?(game: string, board: Board): void;
}

/** How long one attempt may take, in milliseconds. Whoever waits longer for an opponent asks again. */
const ATTEMPT_MS = 2_000;
const PAUSE_MS = 50;
/** How long a player waits for a lobby that does not answer. */
const PATIENCE_MS = 600_000;

/** The program of one player: it seeks games and plays them, badly. */
export class Bot {
  /** Goes with every call, down to the referee. */
  private readonly options: CallOptions;

  constructor(
    readonly name: string,
    private readonly player: ActorReference<Player>,
    private readonly world: World,
  ) {
    this.options = { timeoutMs: ATTEMPT_MS, context: { player: name } };
  }

  /** Resolves to a game, or to undefined when there was no opponent in time; then the player has left the lobby. */
  async seek(lobby: LobbyKey, patienceMs: number): Promise<ActorReference<Game> | undefined> {
    const patience = new AbortController();
    void this.world.sleep(patienceMs).then(() => patience.abort());
    while (!patience.signal.aborted) {
      const call = () => this.player.$with({ ...this.options, signal: patience.signal }).seek(lobby);
      const game = await this.untilAnswered(call, patience.signal);
      if (game !== undefined) return game;
    }
    const hasLeft = await this.untilAnswered(() => this.player.$with(this.options).leave());
    // Who is too late to leave has a game, or has had one.
    return hasLeft === true ? undefined : this.seek(lobby, patienceMs);
  }

  /**
   * Plays until the game is over and the player has been told. @param moves after how many moves of its own it goes away and
   * leaves the rest to the clock; then there is no board to see.
   */
  async play(game: ActorReference<Game>, moves = Number.POSITIVE_INFINITY): Promise<Board | undefined> {
    let left = moves;
    for (;;) {
      const board = (await this.untilAnswered(() => game.$with(this.options).board())) as Board;
      this.world.onBoard?.(game.$id.path, board);
      if (board.ending !== undefined && (await this.isFree())) return board;
      if (board.next === this.name) {
        if (left-- <= 0) return undefined;
        await this.move(game, board);
      }
      await this.world.sleep(PAUSE_MS);
    }
  }

  /** A game tells its players a moment after its end; until then `seek` leads to it again. */
  private async isFree(): Promise<boolean> {
    return (await this.untilAnswered(() => this.player.$with(this.options).score()))?.isFree === true;
  }

  /** A move that may be too late is repeated all the same: the game knows it by its number. */
  private async move(game: ActorReference<Game>, { moves }: Board): Promise<void> {
    const free = Array.from({ length: 9 }, (_, cell) => cell).filter(
      (cell) => !moves.some((move) => move.cell === cell),
    );
    const cell = free[this.world.below(free.length)] as number;
    const call = () => game.$with(this.options).move({ player: this.name, number: moves.length, cell });
    await this.untilAnswered(call).catch((error: unknown) => {
      if (!(error instanceof RangeError)) throw error;
    });
  }

  /** Everything that is asked here may be asked again. Undefined when the signal says so. */
  private async untilAnswered<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
    const { onRetry } = this.world;
    const given = { ...(signal === undefined ? {} : { signal }), ...(onRetry === undefined ? {} : { onRetry }) };
    try {
      return await retry(ask, { deadlineMs: PATIENCE_MS, maxWaitMs: 500, ...given });
    } catch (error) {
      if (signal?.aborted === true) return undefined;
      throw error;
    }
  }
}

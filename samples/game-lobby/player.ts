import {
  Actor,
  ActorContext,
  ActorState,
  AlwaysInterleave,
  Handler,
  inject,
  Persist,
  type ActorReference,
} from 'moonpool';
import type { Competitor, LobbyKey, Result, Seat } from './contest';
import type { Game } from './game';
import { Lobby } from './lobby';

/** A player as the store has him. */
export class Sheet {
  /** The number of the present wish; those before it are done, whatever may still be heard of them. */
  wish = 1;
  /** The lobby that the present wish was told to. It is told to no other. */
  lobby: LobbyKey | undefined;
  /** The game that it led to, as far as is known here. */
  game: ActorReference<Game> | undefined;
  won = 0;
  lost = 0;
  drawn = 0;
}

/** A player's scores, and whether he is in no lobby and no game. */
export interface Score {
  readonly name: string;
  readonly won: number;
  readonly lost: number;
  readonly drawn: number;
  readonly isFree: boolean;
}

/**
 * A player, by name. Calls go one way: a player asks the lobby, the lobby wakes the game, and the game, in turns of its own
 * clock, tells the player. `seek` waits long, so it holds up no other turn; otherwise what the game tells would wait for it.
 */
@Actor({ name: 'Player' })
export class Player implements Competitor {
  @Persist(Sheet) private readonly sheet!: ActorState<Sheet>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /**
   * Resolves to a game with an opponent, and as long as that is not over, to that game again, wherever another one is sought.
   * Undefined: the player has left meanwhile.
   */
  @AlwaysInterleave() @Handler() async seek(lobby: LobbyKey): Promise<ActorReference<Game> | undefined> {
    const { value } = this.sheet;
    const { signal } = this.context;
    if (value.lobby !== undefined && !isSame(value.lobby, lobby)) await this.leave();
    // Who has given up meanwhile, and has perhaps left, shall not be found in a lobby again.
    signal.throwIfAborted();
    const { wish } = value;
    const place = (value.lobby ??= lobby);
    // Also when an earlier call has set it, for that may not be durable yet, and the lobby must not know more than the store.
    await this.sheet.persist();
    const game = await this.lobby(place).$with({ signal }).seek(this.seat(wish));
    // Others had turns while this one waited.
    if (value.wish !== wish) return game;
    if (game === undefined) this.begin();
    else value.game = game;
    await this.sheet.persist();
    return game;
  }

  /** Ends the search. False when it has already led to a game. */
  @Handler() async leave(): Promise<boolean> {
    const { value } = this.sheet;
    const { wish, lobby } = value;
    if (lobby === undefined) return true;
    const hasLeft = await this.lobby(lobby).withdraw(this.seat(wish));
    if (hasLeft && value.wish === wish) {
      this.begin();
      await this.sheet.persist();
    }
    return hasLeft;
  }

  /** A game is over. It tells that until it is answered, perhaps twice: the wish says whether it is news. */
  @Handler() async finished(wish: number, result: Result): Promise<void> {
    const { value } = this.sheet;
    if (wish !== value.wish) return;
    value[result]++;
    this.begin();
    await this.sheet.persist();
  }

  @Handler({ readOnly: true }) async score(): Promise<Score> {
    const { won, lost, drawn, lobby } = this.sheet.value;
    return { name: this.context.key, won, lost, drawn, isFree: lobby === undefined };
  }

  /** The present wish is done. */
  private begin(): void {
    const { value } = this.sheet;
    value.wish++;
    value.lobby = undefined;
    value.game = undefined;
  }

  private seat(wish: number): Seat {
    return { name: this.context.key, wish, player: this.context.actor(Player, this.context.key) };
  }

  private lobby(key: LobbyKey): ActorReference<Lobby> {
    return this.context.actor(Lobby, key);
  }
}

function isSame([region, mode]: LobbyKey, [otherRegion, otherMode]: LobbyKey): boolean {
  return region === otherRegion && mode === otherMode;
}

import {
  Actor,
  ActorContext,
  ActorState,
  AlwaysInterleave,
  Handler,
  inject,
  Persist,
  Timer,
  type ActorReference,
} from 'moonpool';
import type { LobbyKey, Organiser, Pairing, Seat } from './contest';
import { Game } from './game';

/** What became of a wish: a game, or none when the player has left. */
interface Answer {
  readonly wish: number;
  readonly game: number | undefined;
}

/** A call that waits for its answer. */
interface Waiter {
  readonly seat: Seat;
  readonly answer: (answer: Answer) => void;
}

/** What a lobby keeps in the store. */
export class Book {
  /** How many games there were: the number of each is the last item of its key. */
  games = 0;
  /** The games that are not over. */
  open = new Map<number, Pairing>();
  /** The last wish of each player. A lobby that runs for years would let go of those that are long done. */
  answers = new Map<string, Answer>();
}

/**
 * Finds opponents, under the key [region, mode]. Players wait here, so nobody may wait for a lobby who is needed by it: its
 * turns wait for the store alone, and only calls of `seek`, which hold up nobody, wait for anything else.
 */
@Actor({ name: 'Lobby' })
export class Lobby implements Organiser {
  @Persist(Book) private readonly book!: ActorState<Book>;
  /** In memory only: when the lobby moves to another node, those who still want to play ask again. */
  private readonly queue = new Set<Waiter>();

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /**
   * Resolves to a game when there is an opponent; asking again for one wish leads to one game. Undefined: the player has left.
   * Who cancels the call, or waits longer than it may take, is not in the queue any more.
   */
  @AlwaysInterleave() @Handler() async seek(seat: Seat): Promise<ActorReference<Game> | undefined> {
    const { wish, game: number } = await this.opponentFor(seat);
    if (number === undefined || wish !== seat.wish) return undefined;
    const game = this.game(number);
    const pairing = this.book.value.open.get(number);
    if (pairing !== undefined) await game.attend(pairing);
    return game;
  }

  /** True when the wish leads to no game, now and for ever; false when it already has. */
  @Handler() async withdraw(seat: Seat): Promise<boolean> {
    const known = this.answerTo(seat);
    if (known !== undefined) return known.game === undefined;
    this.book.value.answers.set(seat.name, { wish: seat.wish, game: undefined });
    await this.book.persist();
    return true;
  }

  @Handler() async closed(number: number): Promise<void> {
    if (this.book.value.open.delete(number)) await this.book.persist();
  }

  /** Wakes the games that are not over, and waits for none of them. */
  @Handler() async watch(): Promise<void> {
    for (const [number, pairing] of this.book.value.open) this.game(number).$send.attend(pairing);
  }

  /** How many games there were, and how many of them are not over. */
  @Handler({ readOnly: true }) async counts(): Promise<{ readonly games: number; readonly open: number }> {
    const { games, open } = this.book.value;
    return { games, open: open.size };
  }

  /** Pairs all who wait with one write. A pairing is announced when it is durable, so that nobody gets two. */
  @Timer({ everyMs: 50 }) async pair(): Promise<void> {
    const free = new Map(
      [...this.queue].filter(({ seat }) => this.answerTo(seat) === undefined).map(({ seat }) => [seat.name, seat]),
    );
    const seats = [...free.values()];
    for (let at = 1; at < seats.length; at += 2) this.begin(seats[at - 1] as Seat, seats[at] as Seat);
    if (seats.length > 1) await this.book.persist();
    for (const waiter of this.queue) {
      const answer = this.answerTo(waiter.seat);
      if (answer === undefined) continue;
      this.queue.delete(waiter);
      waiter.answer(answer);
    }
  }

  private begin(one: Seat, other: Seat): void {
    const { value } = this.book;
    const [cross, nought] = this.context.random.below(2) === 0 ? [one, other] : [other, one];
    const game = ++value.games;
    value.open.set(game, { cross, nought, lobby: this.context.actor(Lobby, this.key) });
    for (const { name, wish } of [one, other]) value.answers.set(name, { wish, game });
  }

  /** Waits in the queue, until the caller waits no more. */
  private opponentFor(seat: Seat): Promise<Answer> {
    const { signal } = this.context;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { seat, answer: resolve };
      const giveUp = (): void => {
        this.queue.delete(waiter);
        reject(signal.reason as Error);
      };
      this.queue.add(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
    });
  }

  /** What is known about the wish of the seat, or about a later one. */
  private answerTo({ name, wish }: Seat): Answer | undefined {
    const answer = this.book.value.answers.get(name);
    return answer !== undefined && answer.wish >= wish ? answer : undefined;
  }

  private get key(): LobbyKey {
    return this.context.keyParts as unknown as LobbyKey;
  }

  private game(number: number): ActorReference<Game> {
    return this.context.actor(Game, [...this.key, number]);
  }
}

import type { ActorReference } from '../actor/actor-reference';
import { count, text } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import { askStore, type Question } from '../providers/asked-store';
import { pageBehind } from '../storage/page';
import { STATE_OPERATIONS, type StateStorage } from '../storage/state-storage';
import type { ActorPage } from '../storage/stored-state';

/** How many actors are read at once. */
const PAGE = 256;

const ACTORS = { operation: STATE_OPERATIONS.list, what: 'page of actors' };
const pathsOf = ({ actors }: ActorPage): readonly unknown[] => actors.map(({ actor }) => actor);

const COUNTED: Question<number> = {
  operation: STATE_OPERATIONS.count,
  what: 'number of actors',
  isAnswer: (found) => Number.isSafeInteger(found) && found >= 0,
};

/** Which actors are asked for. */
export interface StoredActorsQuery {
  /** With what their keys begin. Default: any. */
  readonly prefix?: string;
  /** The key behind which they begin. Default: at the first one. */
  readonly after?: string;
  /** How many at most. Default: all. */
  readonly limit?: number;
}

export const STORED_ACTORS_QUERY = optionTable<StoredActorsQuery>({
  prefix: text('the beginning of keys'),
  after: text('a key'),
  limit: count(1),
});

/** What finding stored actors needs. */
export interface StoredActorsParts<T extends object> {
  readonly storage: StateStorage;
  /** What the paths of all actors of the class begin with. */
  readonly path: string;
  /** Makes the reference to the actor of a key. */
  readonly reference: (key: string) => ActorReference<T>;
}

/**
 * The actors of a class that something is stored of, whether they are active or not: `for await (const account of runtime.actors(Account, { prefix: 'eu/' }))`. They come in
 * the order of the bytes of their keys, and are read a page at a time: what is stored meanwhile may be seen or not. Actors that are active and have written nothing yet are not among them.
 */
export class StoredActors<T extends object> implements AsyncIterable<ActorReference<T>> {
  constructor(
    private readonly parts: StoredActorsParts<T>,
    private readonly query: StoredActorsQuery,
  ) {}

  /** How many there are, whatever the limit. Rejects with STORAGE_UNAVAILABLE. */
  count(): Promise<number> {
    return askStore(COUNTED, () => this.parts.storage.count(this.prefix));
  }

  /** References to them. Throws STORAGE_UNAVAILABLE. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ActorReference<T>, void> {
    const { storage, path, reference } = this.parts;
    let { limit: left = Number.POSITIVE_INFINITY } = this.query;
    let after = this.query.after === undefined ? undefined : path + this.query.after;
    while (left > 0) {
      const limit = Math.min(left, PAGE);
      const { prefix } = this;
      const page = await askStore(pageBehind(ACTORS, after, pathsOf), () =>
        storage.list({ prefix, limit, ...(after === undefined ? {} : { after }) }),
      );
      for (const { actor } of page.actors) yield reference(actor.slice(path.length));
      left -= page.actors.length;
      after = page.actors.at(-1)?.actor;
      if (page.isLast) return;
    }
  }

  private get prefix(): string {
    return this.parts.path + (this.query.prefix ?? '');
  }
}

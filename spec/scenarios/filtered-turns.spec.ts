import {
  Actor,
  ActorContext,
  Filters,
  Handler,
  inject,
  Persist,
  retry,
  type ActorState,
  type ContainerModule,
} from 'moonpool';
import { Invariant, SimulationTest, type ClusterView, type SimulatedCluster } from 'moonpool/simulation';
import { PATIENCE } from './patience';

const ADDS_EACH = 10;
const REFUSED = 'refused by the handler';

class Entries {
  keys: string[] = [];
}

/** Hears of each entry once. */
@Actor({ name: 'Copy', persist: 'after-turn' })
class Copy {
  @Persist(Entries) private readonly entries!: ActorState<Entries>;

  @Handler() async hear(key: string): Promise<void> {
    this.entries.value.keys.push(key);
  }

  @Handler({ readOnly: true }) async keys(): Promise<string[]> {
    return this.entries.value.keys;
  }
}

/** Changes and sends before it decides. */
@Actor({ name: 'Book', persist: 'after-turn' })
class Book {
  @Persist(Entries) private readonly entries!: ActorState<Entries>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async enter(key: string): Promise<string> {
    this.entries.value.keys.push(key);
    await this.context.actor(Copy, 'copy').$deliver.hear(key);
    if (this.context.random.fraction() < 0.3) throw new RangeError(REFUSED);
    return `entered by ${String(this.context.requestContext.get('user'))}`;
  }

  @Handler({ readOnly: true }) async keys(): Promise<string[]> {
    return this.entries.value.keys;
  }
}

/** Lets no stranger enter anything, and answers for a handler that refuses. */
const filters: ContainerModule = {
  name: 'filters',
  load(_bind, contribute) {
    contribute(Filters.incoming, async ({ method, values }, next) => {
      if (method === 'enter' && values['user'] !== 'ann') throw new TypeError('not for strangers');
      try {
        return await next();
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return error.message;
      }
    });
  },
};

/** Filters around turns change nothing of what is durable, once for each key, and let nobody have what they guard. */
export class FilteredTurnsSimulation {
  static readonly actors = [Book, Copy];
  static readonly modules = [filters];
  /** By its key, what was answered first. */
  private answers = new Map<string, string>();

  @SimulationTest(5, { nodes: 3, clients: 2, chaos: 'hostile' })
  async filtersChangeNothingOfWhatIsDurable(cluster: SimulatedCluster): Promise<void> {
    this.answers = new Map();
    let recalled = 0;
    cluster.onEvent(() => recalled++, ['answer-recalled']);
    await Promise.all([0, 1].map((client) => this.enterSome(cluster, client)));
    cluster.sometimes('a call is answered from what was remembered', recalled > 0);
    cluster.sometimes('a handler refuses', [...this.answers.values()].includes(REFUSED));
    await cluster.quiesce();
    const wanted = [...this.answers].filter(([, answer]) => answer !== REFUSED).map(([key]) => key);
    const book = await retry(() => cluster.client(0).actor(Book, 'book').keys(), PATIENCE);
    same('the book', book, wanted);
    for (let round = 0; round < 60; round++) {
      const copy = await retry(() => cluster.client(0).actor(Copy, 'copy').keys(), PATIENCE);
      if (copy.length === wanted.length || round === 59) return same('the copy', copy, wanted);
      await cluster.sleep(1_000);
    }
  }

  @Invariant({ after: ['store-write-accepted'] })
  whatWasRefusedIsNotDurable(view: ClusterView): void {
    for (const key of view.stateOf<Entries>(Book, 'book')?.keys ?? [])
      if (this.answers.get(key) === REFUSED) throw new Error(`${key} was refused, and is durable`);
  }

  /** Each entry by its owner and by a stranger with the same key, and by the owner again, at times that may overlap. */
  private async enterSome(cluster: SimulatedCluster, client: number): Promise<void> {
    for (let count = 0; count < ADDS_EACH; count++) {
      const key = `${client}-${count}`;
      const enter = async (user: string): Promise<void> => {
        await cluster.sleep(cluster.random.below(100));
        const book = cluster.client(client).actor(Book, 'book');
        const asked = book.$with({ timeoutMs: 300_000, context: { user }, idempotencyKey: key }).enter(key);
        const answer = await asked.catch((error: Error) => {
          if (error instanceof TypeError) return `${user} was rejected`;
          throw error;
        });
        if (user !== 'ann' && answer !== `${user} was rejected`) throw new Error(`${user} got '${answer}' of ${key}`);
        if (user !== 'ann') return;
        const first = this.answers.get(key) ?? answer;
        if (first !== answer) throw new Error(`${key} was answered with '${first}' and with '${answer}'`);
        this.answers.set(key, answer);
      };
      await Promise.all(['ann', 'mallory', 'ann'].map(enter));
    }
  }
}

function same(what: string, found: readonly string[], wanted: readonly string[]): void {
  if ([...found].sort().join() !== [...wanted].sort().join())
    throw new Error(`${what} has ${found.join()}; acknowledged were ${wanted.join()}`);
}

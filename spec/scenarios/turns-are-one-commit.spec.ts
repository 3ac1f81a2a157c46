import {
  Actor,
  ActorContext,
  Handler,
  inject,
  Journal,
  JournalEvent,
  Persist,
  type ActorJournal,
  type ActorState,
} from 'moonpool';
import { EventLog } from 'moonpool/modules';
import {
  Invariant,
  SimulationTest,
  type ClusterView,
  type SimulatedCluster,
  type TimelineEvent,
} from 'moonpool/simulation';
import { disturb } from './ranges-in-motion';

const ACCOUNTS = ['a', 'b', 'c'];
const ADDS_EACH = 10;
const PATIENCE = { timeoutMs: 300_000 };

class Sum {
  value = 0;
  keys: string[] = [];
}

@JournalEvent('added')
class Added {
  constructor(
    readonly key = '',
    readonly amount = 0,
  ) {}
}

class Total {
  value = 0;
  keys: string[] = [];

  apply({ key, amount }: Added): void {
    this.value += amount;
    this.keys.push(key);
  }
}

/** Hears of sums by messages that nobody waits for. */
@Actor({ name: 'Mirror' })
class Mirror {
  constructor(@inject(EventLog) private readonly events: EventLog) {}

  @Handler() async note(account: string, value: number): Promise<void> {
    this.events.record('mirror:noted', { account, value });
  }
}

/** Hears of each addition once. */
@Actor({ name: 'Listener', persist: 'after-turn' })
class Listener {
  @Persist(Sum) private readonly heard!: ActorState<Sum>;

  @Handler() async hear(key: string): Promise<void> {
    this.heard.value.keys.push(key);
  }

  @Handler({ readOnly: true }) async keys(): Promise<string[]> {
    return this.heard.value.keys;
  }
}

/** Decides all sorts of things in one turn. */
@Actor({ name: 'Adder', persist: 'after-turn' })
class Adder {
  @Persist(Sum) private readonly sum!: ActorState<Sum>;
  @Journal(Total, { events: [Added], snapshotEvery: 7 }) private readonly total!: ActorJournal<Total>;
  /** Those of the state, which a turn that is undone must not put others in the place of. */
  private keys!: string[];

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  onActivate(): void {
    this.keys = this.sum.value.keys;
  }

  @Handler({ idempotent: true }) async add(key: string, amount: number): Promise<number> {
    const { sum, total, context } = this;
    sum.value.value += amount;
    this.keys.push(key);
    total.emit(new Added(key, amount));
    context.actor(Mirror, 'm').$send.note(context.key, sum.value.value);
    await context.actor(Listener, context.key).$deliver.hear(key);
    if (context.random.fraction() < 0.1) throw new RangeError(`${key} was refused`);
    return sum.value.value;
  }

  @Handler({ readOnly: true }) async books(): Promise<{ sum: Sum; total: Total; events: string[] }> {
    const events: string[] = [];
    for await (const { event } of this.total.history()) events.push((event as Added).key);
    return { sum: this.sum.value, total: this.total.value, events };
  }
}

/** What a turn decides is durable together or not at all: state, events, answer, messages. */
export class TurnsAreOneCommitSimulation {
  static readonly actors = [Adder, Mirror, Listener];
  /** What was answered since somebody looked. */
  private answered: { readonly account: string; readonly key: string }[] = [];

  // The last one: a node is asked about its part of the directory before it has seen any view.
  @SimulationTest([...Array.from({ length: 20 }, (_, index) => index + 1), 1795750160], {
    nodes: 3,
    clients: 3,
    chaos: 'hostile',
  })
  async whatATurnDecidesIsDurableTogether(cluster: SimulatedCluster): Promise<void> {
    let recalled = 0;
    cluster.onEvent(() => recalled++, ['answer-recalled']);
    await this.addAndCheck(cluster);
    cluster.sometimes('a call is answered from what was remembered', recalled > 0);
  }

  @SimulationTest(2, { nodes: 5, clients: 3, chaos: 'hostile' })
  async andAmongFiveNodesThatComeAndGo(cluster: SimulatedCluster): Promise<void> {
    await this.addAndCheck(cluster, async () => {
      for (let round = 0; round < 4; round++) await disturb(cluster);
    });
  }

  /** @param meanwhile what else happens while actors are called. */
  private async addAndCheck(cluster: SimulatedCluster, meanwhile?: () => Promise<void>): Promise<void> {
    const outcomes = new Map<string, string>();
    const adds = Array.from({ length: cluster.clientCount }, (_, client) => client).map(async (client) => {
      for (let count = 0; count < ADDS_EACH; count++) {
        const account = ACCOUNTS[cluster.random.below(ACCOUNTS.length)] as string;
        const key = `${account}-${client}-${count}`;
        const answers = await addTwice(cluster, client, account, key, () => this.answered.push({ account, key }));
        if (answers[0] !== answers[1]) throw new Error(`${key} was answered with ${answers[0]} and with ${answers[1]}`);
        outcomes.set(key, answers[0]);
        await cluster.sleep(cluster.random.below(meanwhile === undefined ? 200 : 4_000));
      }
    });
    await Promise.all([...adds, meanwhile?.()]);
    await cluster.quiesce();
    for (const account of ACCOUNTS) await check(cluster, account, outcomes);
  }

  /** Whoever has an answer may go by it. */
  @Invariant({ after: ['turn-start', 'store-write-accepted'] })
  whatIsAnsweredIsDurable(view: ClusterView): void {
    for (const { account, key } of this.answered.splice(0))
      if (view.stateOf<Sum>(Adder, account)?.keys.includes(key) !== true)
        throw new Error(`${key} was answered, and is not durable`);
  }

  /** A message that leaves before its commit may tell of what never was. */
  @Invariant({ after: ['mirror:noted'] })
  nothingLeavesBeforeItsCommit(view: ClusterView): void {
    const { account, value } = (view.event as TimelineEvent).fields as { account: string; value: number };
    const durable = view.stateOf<Sum>(Adder, account)?.value ?? 0;
    if (value > durable) throw new Error(`${account} has told of the sum ${value}, and durable is ${durable}`);
  }

  /** The journal and the state of an actor are written together, so that they always say the same. */
  @Invariant({ after: ['store-write-accepted'] })
  journalsEqualStates(view: ClusterView): void {
    for (const account of ACCOUNTS) {
      const keys = view.stateOf<Sum>(Adder, account)?.keys ?? [];
      const events = view.eventsOf<Added>(Adder, account).map(({ key }) => key);
      if (keys.join() !== events.join())
        throw new Error(`the state of ${account} has ${keys.join()}, its journal ${events.join()}`);
    }
  }
}

/** The same call at two times that may overlap, under one key. */
async function addTwice(
  cluster: SimulatedCluster,
  client: number,
  account: string,
  idempotencyKey: string,
  onAnswer: () => void,
): Promise<readonly [string, string]> {
  const call = async (from: number): Promise<string> => {
    const adder = cluster
      .client(from)
      .actor(Adder, account)
      .$with({ ...PATIENCE, idempotencyKey });
    try {
      const answer = await adder.add(idempotencyKey, 1 + idempotencyKey.length);
      onAnswer();
      return String(answer);
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  };
  const again = cluster.sleep(cluster.random.below(100)).then(() => call((client + 1) % cluster.clientCount));
  return [await call(client), await again];
}

async function check(cluster: SimulatedCluster, account: string, outcomes: ReadonlyMap<string, string>): Promise<void> {
  const client = cluster.client(0);
  const { sum, total, events } = await eventually(cluster, () => client.actor(Adder, account).books());
  const done = [...outcomes].filter(
    ([key, outcome]) => key.startsWith(`${account}-`) && !outcome.startsWith('RangeError'),
  );
  const wanted = done
    .map(([key]) => key)
    .sort()
    .join();
  for (const [what, keys] of Object.entries({ state: sum.keys, journal: total.keys, history: events }))
    if ([...keys].sort().join() !== wanted)
      throw new Error(`the ${what} of ${account} has ${keys.join()}; acknowledged were ${wanted}`);
  for (let round = 0; ; round++) {
    const heard = await eventually(cluster, () => client.actor(Listener, account).keys());
    if ([...heard].sort().join() === wanted) return;
    if (round === 60)
      throw new Error(`${account} has delivered ${[...heard].sort().join()}; acknowledged were ${wanted}`);
    await cluster.sleep(1_000);
  }
}

async function eventually<T>(cluster: SimulatedCluster, ask: () => Promise<T>): Promise<T> {
  for (let round = 0; ; round++) {
    try {
      return await ask();
    } catch (error) {
      if (round === 60) throw error;
      await cluster.sleep(500);
    }
  }
}

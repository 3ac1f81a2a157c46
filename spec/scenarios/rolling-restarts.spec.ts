import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Persist,
  retry,
  type ActorReferences,
  type OnMigrate,
} from 'moonpool';
import { SimulationTest, type SimulatedCluster, type SimulatedNode } from 'moonpool/simulation';
import { PATIENCE } from './patience';

const NODES = 5;
const KEYS = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'];

/** Longer than the faults of any world. */
const AS_LONG_AS_FAULTS_MS = 3_600_000;

class Page {
  entries: string[] = [];
}

/** Each node has one, which serves turns for as long as there are any. */
@Actor({ name: 'Seal', static: true })
class Seal {
  @Handler() async press(): Promise<void> {}
}

/** Knows how many turns it has had, which only moves can take from life to life, and keeps what is durable. */
@Actor({ name: 'Ledger', persist: 'after-turn' })
class Ledger implements OnMigrate<number> {
  @Persist(Page) private readonly page!: ActorState<Page>;
  private turns = 0;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  onDehydrate(): number {
    return this.turns;
  }
  onRehydrate(turns: number): void {
    this.turns = turns;
  }

  /** How many turns there were before this one since the memory of the actor was lost last. */
  @Handler() async note(entry: string): Promise<number> {
    const before = this.turns++;
    if (this.context.random.below(4) === 0) await this.context.time.sleep(this.context.random.below(80));
    this.page.value.entries.push(entry);
    return before;
  }

  /** As {@link note}, with the help of an actor of its node. */
  @Handler() async noteUnderSeal(entry: string): Promise<number> {
    const before = await this.note(entry);
    await this.context.actor(Seal).press();
    return before;
  }

  @Handler({ idempotent: true }) async noteOnce(entry: string): Promise<number> {
    const before = this.turns++;
    this.page.value.entries.push(entry);
    return before;
  }

  @Handler({ readOnly: true }) async entries(): Promise<string[]> {
    return this.page.value.entries;
  }
}

/** What callers of ledgers ask for while nodes are restarted, and what came of it. */
class Notes {
  isOver = false;
  /** How many calls failed. */
  failed = 0;
  /** What each ledger has said of its turns. */
  readonly turns = new Map<string, number[]>();
  private readonly acknowledged = new Map<string, string[]>();
  private readonly refused = new Map<string, string[]>();
  private made = 0;

  constructor(private readonly cluster: SimulatedCluster) {}

  /** Asks until it is over. @param from whoever asks at present; undefined when nobody can. */
  async keepAsking(
    from: () => ActorReferences | undefined,
    mostRestMs: number,
    ask: (from: ActorReferences) => Promise<void>,
  ): Promise<void> {
    const { cluster } = this;
    while (!this.isOver) {
      const caller = from();
      if (caller !== undefined) await ask(caller);
      await cluster.sleep(cluster.random.below(mostRestMs));
    }
  }

  /** A call that is repeated under its key. */
  async noteOnce(from: ActorReferences): Promise<void> {
    const { key, entry } = this.next();
    const turn = await from.actor(Ledger, key).$with({ timeoutMs: AS_LONG_AS_FAULTS_MS }).noteOnce(entry);
    add(this.acknowledged, key, entry);
    add(this.turns, key, turn);
  }

  /** A call that is not. */
  async note(from: ActorReferences): Promise<void> {
    const { key, entry } = this.next();
    const ledger = from.actor(Ledger, key);
    const turn = await (this.cluster.random.below(2) === 0 ? ledger.note(entry) : ledger.noteUnderSeal(entry));
    add(this.acknowledged, key, entry);
    add(this.turns, key, turn);
  }

  /** As {@link note}, where it may fail. */
  async tryNote(from: ActorReferences): Promise<void> {
    const { key, entry } = this.next();
    try {
      await from.actor(Ledger, key).note(entry);
      add(this.acknowledged, key, entry);
    } catch (error) {
      if (!isMoonpoolError(error) || error.code === 'HANDLER_FAILED') throw error;
      if (error.executed === 'no') add(this.refused, key, entry);
      this.failed++;
    }
  }

  /** What was acknowledged is there once, and what was not executed is not. */
  async compare(): Promise<void> {
    for (const key of KEYS) {
      const stored = await retry(() => this.cluster.client().actor(Ledger, key).entries(), PATIENCE);
      if (new Set(stored).size < stored.length) throw new Error(`${key} has an entry twice: ${stored.join()}`);
      const lost = (this.acknowledged.get(key) ?? []).filter((entry) => !stored.includes(entry));
      if (lost.length > 0) throw new Error(`${key} has lost ${lost.join()}`);
      const secret = (this.refused.get(key) ?? []).filter((entry) => stored.includes(entry));
      if (secret.length > 0) throw new Error(`${key} has ${secret.join()}, which was told not to be executed`);
    }
  }

  private next(): { readonly key: string; readonly entry: string } {
    return { key: KEYS[this.cluster.random.below(KEYS.length)] as string, entry: `e${this.made++}` };
  }
}

/** All nodes of a cluster are restarted in order, one after the other, while clients and the nodes themselves call. */
export class RollingRestartsSimulation {
  static readonly actors = [Ledger, Seal];

  /** Nothing happens but that nodes end in order: no call fails, whoever makes it, and no actor forgets anything. */
  @SimulationTest(4, { nodes: NODES, clients: 2, chaos: 'calm' })
  async withoutFaultsNobodyNotices(cluster: SimulatedCluster): Promise<void> {
    const notes = new Notes(cluster);
    const ask = (from: ActorReferences): Promise<void> =>
      cluster.random.below(2) === 0 ? notes.note(from) : notes.noteOnce(from);
    const clients = [0, 1, 0, 1].map((index) => notes.keepAsking(() => cluster.client(index), 80, ask));
    // Whoever ends in order asks for nothing new; what it has asked for is answered.
    const nodes = cluster.nodes.map((node) =>
      notes.keepAsking(() => (node.isServing ? node.runtime : undefined), 200, ask),
    );
    const restarts = restartAll(cluster).finally(() => (notes.isOver = true));
    await Promise.all([restarts, ...clients, ...nodes]);
    await notes.compare();
    for (const [key, turns] of notes.turns) {
      turns.sort((a, b) => a - b);
      if (turns.some((turn, index) => turn !== index))
        throw new Error(`${key} forgot turns: it has had ${turns.join()}`);
    }
    cluster.sometimes('each actor was called while nodes were restarted', notes.turns.size === KEYS.length);
  }

  /** Among faults calls that are repeated are answered all the same, and the others fail honestly. */
  @SimulationTest(4, { nodes: NODES, clients: 3, chaos: 'hostile' })
  async idempotentCallsDoNotFail(cluster: SimulatedCluster): Promise<void> {
    const notes = new Notes(cluster);
    const callers = Array.from({ length: cluster.clientCount }, (_, index) => [
      notes.keepAsking(
        () => cluster.client(index),
        300,
        (from) => notes.noteOnce(from),
      ),
      notes.keepAsking(
        () => cluster.client(index),
        300,
        (from) => notes.tryNote(from),
      ),
    ]).flat();
    await Promise.race([restartAll(cluster), Promise.all(callers)]);
    notes.isOver = true;
    await cluster.quiesce();
    await Promise.all(callers);
    await notes.compare();
    cluster.sometimes('a call that is not repeated failed', notes.failed > 0);
  }
}

/** Ends each node in order and starts it again. One that is down already is started. */
async function restartAll(cluster: SimulatedCluster): Promise<void> {
  const rest = [...cluster.nodes];
  while (rest.length > 0) {
    const [node] = rest.splice(cluster.random.below(rest.length), 1) as [SimulatedNode];
    await cluster.sleep(cluster.random.below(400));
    if (node.isServing) await cluster.shutdown(node);
    await cluster.restart(node);
  }
}

function add<T>(to: Map<string, T[]>, key: string, item: T): void {
  const items = to.get(key);
  if (items === undefined) to.set(key, [item]);
  else items.push(item);
}

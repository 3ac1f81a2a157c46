import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Persist,
  retry,
  type ActorRuntime,
} from 'moonpool';
import { SimulationTest, type SimulatedCluster, type SimulatedNode } from 'moonpool/simulation';
import { settle } from './settled-calls';
import { PATIENCE } from './patience';

const KEYS = ['t1', 't2', 't3', 't4'];

/** What the first release stores of a tally. */
class Entries {
  release = 1;
  /** The last entry of each writer. */
  last: Record<string, number> = {};
}

/** What the second stores. */
class Writers {
  release = 2;
  writers: { name: string; last: number }[] = [];
}

function toWriters({ last }: Record<string, unknown>): Record<string, unknown> {
  const writers = Object.entries(last as Entries['last']).map(([name, entry]) => ({ name, last: entry }));
  return { release: 2, writers };
}

/** What a turn has done, and of which release its activation was. */
interface Written {
  readonly release: number;
  readonly entry: number;
}

/** What turns have found that must not be. */
let found: string[];

@Actor({ name: 'Tally', persist: 'after-turn', idleTimeoutMs: 1_500 })
class FirstTally {
  @Persist(Entries, { name: 'entries' }) private readonly entries!: ActorState<Entries>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async write(writer: string, entry: number): Promise<Written> {
    const { value } = this.entries;
    if (value.release !== 1)
      found.push(`${this.context.id.path}: release 1 has read what release ${value.release} wrote`);
    if (this.context.random.below(3) === 0) await this.context.time.sleep(this.context.random.below(20));
    // So it is made again now and then, on a node of either release.
    if (this.context.random.below(10) === 0) this.context.deactivateOnIdle();
    value.last[writer] = Math.max(entry, value.last[writer] ?? 0);
    return { release: 1, entry };
  }

  @Handler({ readOnly: true }) async lastOf(writer: string): Promise<number> {
    return this.entries.value.last[writer] ?? 0;
  }
}

@Actor({ name: 'Tally', persist: 'after-turn', idleTimeoutMs: 1_500, version: 2 })
class SecondTally {
  @Persist(Writers, { name: 'entries', version: 2, upcast: [toWriters] }) private readonly state!: ActorState<Writers>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async write(writer: string, entry: number): Promise<Written> {
    if (this.context.random.below(3) === 0) await this.context.time.sleep(this.context.random.below(20));
    // So it is made again now and then, on a node of either release.
    if (this.context.random.below(10) === 0) this.context.deactivateOnIdle();
    const { writers } = this.state.value;
    const known = writers.find(({ name }) => name === writer);
    if (known === undefined) writers.push({ name: writer, last: entry });
    else known.last = Math.max(entry, known.last);
    return { release: 2, entry };
  }

  @Handler({ readOnly: true }) async lastOf(writer: string): Promise<number> {
    return this.state.value.writers.find(({ name }) => name === writer)?.last ?? 0;
  }

  /** New in this release. */
  @Handler({ readOnly: true }) async writers(): Promise<readonly string[]> {
    return this.state.value.writers.map(({ name }) => name);
  }
}

@Actor({ name: 'Price', versionPolicy: 'strict', idleTimeoutMs: 1_500 })
class FirstPrice {
  @Handler() async release(): Promise<number> {
    return 1;
  }
}

@Actor({ name: 'Price', version: 2, versionPolicy: 'strict', idleTimeoutMs: 1_500 })
class SecondPrice {
  @Handler() async release(): Promise<number> {
    return 2;
  }
}

/** How long leases last, in milliseconds; each third of one a node reads the members. */
const LEASE_MS = 3_000;

const FIRST = [FirstTally, FirstPrice];
const SECOND = [SecondTally, SecondPrice];

/** How calls of a strict class end for callers that are not rolled. */
const STRICT_REFUSALS = ['ACTOR_VERSION_MISMATCH', 'NO_NODE_AVAILABLE'];

/** A cluster in which one node after the other is given the next release, under load from clients of both. */
export class RollingReleasesSimulation {
  static readonly actors = FIRST;

  /** Nothing fails but what the policies say must: nodes end in order. */
  @SimulationTest(2, { nodes: 4, clients: 2, chaos: 'calm' })
  async noCallFailsWhileNodesAreReplaced(cluster: SimulatedCluster): Promise<void> {
    found = [];
    let isOver = false;
    const over = (): boolean => isOver;
    const [first, ...others] = cluster.nodes;
    const early = [0, 1].map((at) => writeAll(cluster, cluster.client(at), { writer: `early${at}`, release: 1, over }));
    await cluster.sleep(300);
    await replace(cluster, first as SimulatedNode);
    const client = await cluster.connect('late', undefined, { actors: SECOND });
    const late = writeAll(cluster, client, { writer: 'late', release: 2, over });
    for (const node of others) {
      await cluster.sleep(cluster.random.below(400));
      await replace(cluster, node);
    }
    await cluster.sleep(300);
    isOver = true;
    for (const { writer, last } of await Promise.all([...early, late])) await expectLast(client, writer, last);
    throwFound();
  }

  /** Whatever fails meanwhile: what was acknowledged stays, in the shape of whoever serves it, and at rest everybody is answered. */
  @SimulationTest([1, 2, 3, 4, 1795760026, 1795760090], {
    nodes: 4,
    clients: 1,
    chaos: 'hostile',
    leaseTtlMs: LEASE_MS,
  })
  async whatIsStoredIsServedByWhoKnowsIt(cluster: SimulatedCluster): Promise<void> {
    found = [];
    let isOver = false;
    const over = (): boolean => isOver;
    const early = { client: cluster.client(0), release: 1 };
    const late = { client: await connectLate(cluster), release: 2 };
    const writing = [early, late].map((process) => writeAmongFaults(cluster, process, over));
    // Some stay as they are: a roll may take long.
    const replaced = 1 + cluster.random.below(cluster.nodeCount);
    for (const node of cluster.nodes.slice(0, replaced)) {
      await cluster.sleep(cluster.random.below(1_500));
      await replace(cluster, node);
    }
    await cluster.sleep(cluster.random.below(2_000));
    isOver = true;
    const written = await Promise.all(writing);
    await cluster.quiesce();
    // By then every node has heard of every other.
    await cluster.sleep(LEASE_MS);
    for (const process of [early, late])
      for (const [writer, lasts] of written.entries())
        for (const [key, last] of lasts) {
          const kept = await retry(() => tallyOf(process, key).lastOf(`w${writer + 1}`), PATIENCE);
          if (kept < last)
            throw new Error(`${key} has forgotten the entry ${last} of w${writer + 1}: its last is ${kept}`);
        }
    for (const key of KEYS) await retry(() => late.client.actor(SecondTally, key).writers(), PATIENCE);
    throwFound();
  }
}

/** A client, and the release that it has. */
interface Caller {
  readonly client: ActorRuntime;
  readonly release: number;
}

/** A client of the next release: it may be started again until it finds the store. */
function connectLate(cluster: SimulatedCluster): Promise<ActorRuntime> {
  let tries = 0;
  return retry(() => cluster.connect(`late${++tries}`, undefined, { actors: SECOND }), PATIENCE);
}

function tallyOf({ client, release }: Caller, key: string) {
  const tally = release === 1 ? client.actor(FirstTally, key) : client.actor(SecondTally, key);
  return tally.$with({ timeoutMs: 5_000 });
}

interface Load {
  readonly writer: string;
  /** The release of the client. */
  readonly release: number;
  readonly over: () => boolean;
}

/** Calls in pipelines until it is over; each must be answered. */
async function writeAll(cluster: SimulatedCluster, client: ActorRuntime, { writer, release, over }: Load) {
  let last = 0;
  while (!over()) {
    const from = last;
    await Promise.all(
      KEYS.map(async (key) => {
        const tally = tallyOf({ client, release }, key);
        const answers = await Promise.all([1, 2, 3].map((step) => tally.write(writer, from + step)));
        const isAhead = answers.some((answer) => answer.release > release);
        cluster.sometimes('a later release answered an earlier caller', isAhead);
        if (answers.some((answer) => answer.release < release)) throw new Error(`${key}: release 1 answered release 2`);
        if (release === 2) await client.actor(SecondTally, key).writers();
        await askPrice(client, key, release);
      }),
    );
    last += 3;
    await cluster.sleep(cluster.random.below(60));
  }
  return { writer, last };
}

/** Of a strict class: the caller's own release answers, or nobody. */
async function askPrice(client: ActorRuntime, key: string, release: number): Promise<void> {
  const price = release === 1 ? client.actor(FirstPrice, key) : client.actor(SecondPrice, key);
  try {
    const answered = await price.release();
    if (answered !== release) throw new Error(`release ${answered} of a strict class answered release ${release}`);
  } catch (error) {
    const isMeant = isMoonpoolError(error) && error.executed === 'no' && STRICT_REFUSALS.includes(error.code);
    if (release === 2 || !isMeant) throw error;
  }
}

/** The last entry of each key that was acknowledged. */
async function writeAmongFaults(
  cluster: SimulatedCluster,
  process: Caller,
  over: () => boolean,
): Promise<ReadonlyMap<string, number>> {
  const lasts = new Map<string, number>();
  for (let entry = 1; !over(); entry++) {
    const calls = KEYS.map((key) => tallyOf(process, key).write(`w${process.release}`, entry));
    for (const [at, answer] of (await settle(calls)).entries())
      if (!isMoonpoolError(answer)) lasts.set(KEYS[at] as string, entry);
    throwFound();
    await cluster.sleep(cluster.random.below(150));
  }
  return lasts;
}

/** The next release takes the place of the present one, in order as far as faults let it. */
async function replace(cluster: SimulatedCluster, node: SimulatedNode): Promise<void> {
  cluster.deploy(node, { actors: SECOND });
  await cluster.shutdown(node);
  await cluster.restart(node);
}

async function expectLast(client: ActorRuntime, writer: string, last: number): Promise<void> {
  for (const key of KEYS) {
    const kept = await client.actor(SecondTally, key).lastOf(writer);
    if (kept !== last) throw new Error(`${key} has ${kept} of ${last} entries of ${writer}`);
  }
}

function throwFound(): void {
  if (found.length > 0) throw new Error(found[0]);
}

import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Persist,
  type ActorRuntime,
} from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';

/** How long a turn takes, and how long a caller waits, in milliseconds. */
const TURN_MS = 20;
const LIMIT_MS = 1_000;
/** How many calls a second the clerk can serve. */
const CAPACITY = 1_000 / TURN_MS;
const FOR_MS = 5_000;

/** Serves one after the other, and remembers whom. */
@Actor({ name: 'Clerk' })
class Clerk {
  private served: number[] = [];

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ timeoutMs: LIMIT_MS }) async serve(ticket: number): Promise<number> {
    this.served.push(ticket);
    await this.context.time.sleep(TURN_MS);
    return ticket;
  }

  /** Asks a colleague first, while others wait. */
  @Handler({ timeoutMs: LIMIT_MS }) async consult(colleague: string, ticket: number): Promise<number> {
    return this.context.actor(Clerk, colleague).serve(ticket);
  }

  @Handler({ readOnly: true, timeoutMs: 60_000 }) async tickets(): Promise<readonly number[]> {
    return this.served;
  }
}

class Tally {
  count = 0;
}

/** Writes down each call before it answers, so that its turns take as long as the store does. */
@Actor({ name: 'Ledger' })
class Ledger {
  @Persist(Tally) private readonly tally!: ActorState<Tally>;

  @Handler({ timeoutMs: LIMIT_MS }) async add(): Promise<number> {
    this.tally.value.count++;
    await this.tally.persist();
    return this.tally.value.count;
  }

  @Handler({ timeoutMs: 60_000 }) async total(): Promise<number> {
    return this.tally.value.count;
  }
}

const LEDGERS = ['a', 'b'];
/** So many callers, each of which waits for its answers, show how much the ledgers can do. */
const WAITING_CALLERS = 12;
const PEAK_MS = 400;
/** Several times as long as a caller waits: what a node has let in too much of comes too late only after that. */
const OFFERED_TO_LEDGERS_MS = 3_000;

/** What became of calls: their tickets, by their ends. */
interface Ends {
  readonly answered: number[];
  readonly refused: number[];
  readonly unknown: number[];
}

/** Calls that come faster than they can be served, by callers who do not ask whether they are. */
export class OverloadSimulation {
  static readonly actors = [Clerk, Ledger];

  @SimulationTest(2, { nodes: 2, clients: 2, chaos: 'calm' })
  async whatCanBeServedIsServed(cluster: SimulatedCluster): Promise<void> {
    const factor = cluster.random.below(2) === 0 ? 2 : 5;
    await cluster.client(0).actor(Clerk, 'c').serve(0);
    const { answered, refused, unknown } = await offer(cluster, factor * CAPACITY, (client, ticket) =>
      client.actor(Clerk, 'c').serve(ticket),
    );
    const goodput = answered.length / ((CAPACITY * FOR_MS) / 1_000);
    if (goodput < (factor === 2 ? 0.95 : 0.9))
      throw new Error(
        `at ${factor} times its capacity the clerk served ${goodput} of it; ${refused.length} were refused, of ${unknown.length} nothing is known`,
      );
    if (unknown.length > answered.length * 0.02)
      throw new Error(`of ${unknown.length} calls nobody knows whether they were executed`);
    const tickets = new Set(await cluster.client(0).actor(Clerk, 'c').tickets());
    for (const ticket of refused)
      if (tickets.has(ticket)) throw new Error(`the call ${ticket} was refused, and its turn has begun`);
    cluster.sometimes(
      'a client held calls back',
      [0, 1].some((client) => heldBack(cluster.client(client)) > 0),
    );
    await cluster.sleep(LIMIT_MS);
    const begunAt = cluster.now;
    await cluster.client(0).actor(Clerk, 'c').serve(-1);
    if (cluster.now - begunAt > 200) throw new Error(`a second later a call still took ${cluster.now - begunAt} ms`);
  }

  @SimulationTest(2, { nodes: 2, clients: 3, chaos: 'calm' })
  async whatCanBeStoredIsStored(cluster: SimulatedCluster): Promise<void> {
    const factor = cluster.random.below(2) === 0 ? 2 : 5;
    const before = await peakOfLedgers(cluster);
    const offered = await offer(cluster, factor * before.perSecond, addTo, OFFERED_TO_LEDGERS_MS);
    const goodput = offered.answered.length / ((before.perSecond * OFFERED_TO_LEDGERS_MS) / 1_000);
    if (goodput < (factor === 2 ? 0.95 : 0.9))
      throw new Error(
        `at ${factor} times what they can do the ledgers did ${goodput} of it; ${offered.refused.length} were refused, of ${offered.unknown.length} nothing is known`,
      );
    await cluster.sleep(LIMIT_MS);
    const after = await peakOfLedgers(cluster);
    if (after.perSecond < before.perSecond * 0.9)
      throw new Error(`a second later the ledgers did ${after.perSecond} a second, and ${before.perSecond} before`);
    const totals = await Promise.all(LEDGERS.map((key) => cluster.client(0).actor(Ledger, key).total()));
    const total = totals.reduce((sum, count) => sum + count, 0);
    const answered = before.answered + offered.answered.length + after.answered;
    if (total < answered || total > answered + offered.unknown.length)
      throw new Error(
        `${answered} calls were answered and of ${offered.unknown.length} nothing is known, and ${total} are written down`,
      );
  }

  @SimulationTest(3, { nodes: 3, clients: 2, chaos: 'hostile' })
  async refusalsAreHonestUnderFaults(cluster: SimulatedCluster): Promise<void> {
    const { refused } = await offer(cluster, 2 * CAPACITY, (client, ticket) =>
      client.actor(Clerk, `c${ticket % 2}`).serve(ticket),
    );
    cluster.sometimes('calls were refused', refused.length > 0);
  }

  @SimulationTest(2, { nodes: 2, clients: 1, chaos: 'calm' })
  async whatATurnWaitsForIsNotRefused(cluster: SimulatedCluster): Promise<void> {
    const crowd = offer(cluster, 2 * CAPACITY, (client, ticket) => client.actor(Clerk, 'c').serve(ticket));
    let consulted = 0;
    for (let ticket = 1_000_000; ticket < 1_000_004; ticket++) {
      await cluster.sleep(1_000);
      consulted += await cluster
        .client()
        .actor(Clerk, 'boss')
        .consult('c', ticket)
        .then(
          () => 1,
          () => 0,
        );
    }
    await crowd;
    if (consulted < 4) throw new Error(`of 4 consultations ${consulted} came to an end`);
  }
}

function addTo(client: ActorRuntime, ticket: number): Promise<unknown> {
  return client.actor(Ledger, LEDGERS[ticket % LEDGERS.length] as string).add();
}

/** How much the ledgers do while no more is asked of them than they answer. */
async function peakOfLedgers(
  cluster: SimulatedCluster,
): Promise<{ readonly answered: number; readonly perSecond: number }> {
  const until = cluster.now + PEAK_MS;
  let answered = 0;
  const caller = async (number: number): Promise<void> => {
    while (cluster.now < until) {
      await addTo(cluster.client(number % cluster.clientCount), number);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: WAITING_CALLERS }, (_, number) => caller(number)));
  return { answered, perSecond: (answered * 1_000) / PEAK_MS };
}

async function offer(
  cluster: SimulatedCluster,
  perSecond: number,
  call: (client: ActorRuntime, ticket: number) => Promise<unknown>,
  forMs = FOR_MS,
): Promise<Ends> {
  const ends: Ends = { answered: [], refused: [], unknown: [] };
  const calls: Promise<void>[] = [];
  const periodMs = 1_000 / perSecond;
  for (let ticket = 1; ticket <= forMs / periodMs; ticket++) {
    const client = cluster.client(ticket % cluster.clientCount);
    calls.push(
      call(client, ticket).then(
        () => void ends.answered.push(ticket),
        (error: unknown) => {
          if (!isMoonpoolError(error) || error.executed === 'yes') throw error;
          (error.executed === 'no' ? ends.refused : ends.unknown).push(ticket);
        },
      ),
    );
    await cluster.sleep(periodMs);
  }
  await Promise.all(calls);
  return ends;
}

function heldBack(client: ActorRuntime): number {
  return client.inspect().calls.heldBack;
}

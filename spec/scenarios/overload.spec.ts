import { Actor, ActorContext, Handler, inject, isMoonpoolError, type ActorRuntime } from 'moonpool';
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

/** What became of calls: their tickets, by their ends. */
interface Ends {
  readonly answered: number[];
  readonly refused: number[];
  readonly unknown: number[];
}

/** Calls that come faster than they can be served, by callers who do not ask whether they are. */
export class OverloadSimulation {
  static readonly actors = [Clerk];

  @SimulationTest(4, { nodes: 2, clients: 2, chaos: 'calm' })
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

async function offer(
  cluster: SimulatedCluster,
  perSecond: number,
  call: (client: ActorRuntime, ticket: number) => Promise<unknown>,
): Promise<Ends> {
  const ends: Ends = { answered: [], refused: [], unknown: [] };
  const calls: Promise<void>[] = [];
  const periodMs = 1_000 / perSecond;
  for (let ticket = 1; ticket <= FOR_MS / periodMs; ticket++) {
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

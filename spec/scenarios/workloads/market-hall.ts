import {
  Actor,
  ActorContext,
  AlwaysInterleave,
  Handler,
  inject,
  isMoonpoolError,
  Reentrant,
  Timer,
  type ActorRuntime,
  type CallOptions,
} from 'moonpool';
import type { ClusterView, SimulatedCluster } from 'moonpool/simulation';

/** How many calls may wait at a stall. */
export const STALL_CAPACITY = 4;

const STALLS = ['s1', 's2', 's3', 's4'];

/** An actor at which much comes together: calls that write, read and interleave, messages, timers, and chains that come back. */
@Actor({ name: 'Stall', mailboxCapacity: STALL_CAPACITY, idleTimeoutMs: 3_000 })
export class Stall {
  private writing = 0;
  private reading = 0;
  private ticking = 0;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Timer({ everyMs: 40 }) async sweep(): Promise<void> {
    requireThat(++this.ticking === 1 && this.writing === 0 && this.reading === 0, 'a tick overlaps');
    await this.context.time.sleep(this.context.random.below(80));
    this.ticking--;
  }
  @Handler() async sell(ms: number): Promise<void> {
    requireThat(++this.writing === 1 && this.reading === 0, 'a sale overlaps');
    const before = this.context.requestContext.get('who');
    await this.context.time.sleep(ms);
    requireThat(this.context.requestContext.get('who') === before, 'a turn sees the request of another');
    this.writing--;
  }
  @Handler({ readOnly: true }) async look(ms: number): Promise<number> {
    requireThat(this.writing === 0, 'a look overlaps a sale');
    this.reading++;
    await this.context.time.sleep(ms);
    return this.reading--;
  }
  @AlwaysInterleave() @Handler() async peek(ms: number): Promise<unknown> {
    const before = this.context.requestContext.get('who');
    await this.context.time.sleep(ms);
    requireThat(this.context.requestContext.get('who') === before, 'a turn sees the request of another');
    return before;
  }
  /** Passes the word along the path, each stall to the next. */
  @Handler() async pass([next, ...rest]: readonly string[]): Promise<number> {
    return next === undefined ? 1 : 1 + (await this.context.actor(Stall, next).pass(rest));
  }
}

/** The same for chains that may come back. */
@Reentrant('call-chain')
@Actor({ name: 'Gossip' })
export class Gossip {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async pass([next, ...rest]: readonly string[]): Promise<number> {
    return next === undefined ? 1 : 1 + (await this.context.actor(Gossip, next).pass(rest));
  }
}

/** Sends goods to others of its kind, who do the same: turns of two that send to each other wait for each other. */
@Actor({ name: 'Porter' })
export class Porter {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async send(ms: number, to: string): Promise<void> {
    await this.context.time.sleep(ms);
    await this.context.actor(Porter, to).take(ms);
  }

  @Handler() async take(ms: number): Promise<void> {
    await this.context.time.sleep(ms);
  }
}

function requireThat(condition: boolean, what: string): void {
  if (!condition) throw new BrokenPromise(what);
}

/** Thrown by an actor that sees what must not be; it comes back to the visitor, and fails the run. */
class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/** Lets visitors do everything at once, and looks at every answer. */
export async function visitMarket(cluster: SimulatedCluster, rounds: number): Promise<void> {
  await Promise.all(
    Array.from({ length: cluster.clientCount }, (_, index) =>
      visit(cluster, cluster.client(index), `client ${index}`, rounds),
    ),
  );
}

async function visit(cluster: SimulatedCluster, client: ActorRuntime, who: string, rounds: number): Promise<void> {
  const { random } = cluster;
  for (let round = 0; round < rounds; round++) {
    const stall = (options: CallOptions) =>
      client.actor(Stall, STALLS[random.below(STALLS.length)] as string).$with({ ...options, context: { who } });
    const calls: Promise<unknown>[] = [];
    const many = 1 + random.below(8);
    for (let call = 0; call < many; call++) {
      const timeoutMs = 20 + random.below(1_500);
      const ms = random.below(60);
      const what = random.below(6);
      if (what === 0) calls.push(stall({ timeoutMs }).sell(ms));
      else if (what === 1) calls.push(stall({ timeoutMs }).look(ms));
      else if (what === 2)
        calls.push(
          stall({ timeoutMs })
            .peek(ms)
            .then((answer) => requireThat(answer === who, 'an answer of another visitor')),
        );
      else if (what === 3) calls.push(stall({ timeoutMs }).$trySend.sell(ms));
      else if (what === 4) calls.push(cancelled(cluster, (signal) => stall({ timeoutMs, signal }).sell(ms)));
      else stall({}).$send.sell(ms);
    }
    for (const result of await Promise.allSettled(calls))
      if (result.status === 'rejected') note(cluster, result.reason);
    await cluster.sleep(random.below(300));
  }
}

async function cancelled(cluster: SimulatedCluster, call: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const controller = new AbortController();
  const answer = call(controller.signal);
  answer.catch(() => undefined);
  await cluster.sleep(cluster.random.below(50));
  controller.abort();
  return answer;
}

/** What may become of a call in a hostile world; anything else fails the run. */
function note(cluster: SimulatedCluster, error: unknown): void {
  if (!isMoonpoolError(error) || error.code === 'HANDLER_FAILED') throw error;
  cluster.sometimes('a mailbox was full', error.code === 'MAILBOX_FULL');
  cluster.sometimes('a call was cancelled before its turn', error.code === 'CALL_CANCELLED' && error.executed === 'no');
  cluster.sometimes('a call timed out', error.code === 'CALL_TIMEOUT');
}

/** Sends words around: chains that come back are refused at once where they may not, and go on where they may. */
export async function gossip(cluster: SimulatedCluster, limitMs: number): Promise<void> {
  const client = cluster.client();
  const circle = ['s2', 's3', 's1', 's4'];
  const refused = await settled(
    cluster,
    limitMs,
    () => client.actor(Stall, 's1').pass(circle),
    ({ error }) => codesOf(error).includes('CALL_DEADLOCK'),
  );
  requireThat(!codesOf(refused.error).includes('CALL_TIMEOUT'), 'the circle waited for its timeout');
  await settled(
    cluster,
    limitMs,
    () => client.actor(Gossip, 's1').pass(circle),
    ({ value }) => value === 5,
  );
}

const PORTERS = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];

/** Porters send to each other at random, so that many wait for each other in circles; none of them waits for its timeout. */
export async function crossPaths(cluster: SimulatedCluster, rounds: number, isCalm: boolean): Promise<void> {
  const { random } = cluster;
  const ends: readonly string[][] = await Promise.all(
    Array.from({ length: cluster.clientCount * 3 }, async (_, index) => {
      const codes: string[] = [];
      for (let round = 0; round < rounds; round++) {
        const [from, to] = [random.below(PORTERS.length), random.below(PORTERS.length - 1)];
        const porter = cluster.client(index % cluster.clientCount).actor(Porter, PORTERS[from] as string);
        const other = PORTERS[to < from ? to : to + 1] ?? '';
        await porter.send(random.below(30), other).catch((error: unknown) => codes.push(...codesOf(error)));
      }
      return codes;
    }),
  );
  const codes = ends.flat();
  cluster.sometimes('turns waited for each other, and one was refused', codes.includes('CALL_DEADLOCK'));
  requireThat(!isCalm || !codes.includes('CALL_TIMEOUT'), 'a call waited for its timeout, though nothing was broken');
}

interface Settled {
  readonly value?: number;
  readonly error?: unknown;
}

/** Repeats the call until it ends as wanted: what was broken by faults may fail a few times after them. */
async function settled(
  cluster: SimulatedCluster,
  limitMs: number,
  call: () => Promise<number>,
  isWanted: (end: Settled) => boolean,
): Promise<Settled> {
  const began = cluster.now;
  for (;;) {
    const end: Settled = await call().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const tookMs = cluster.now - began;
    requireThat(
      tookMs < limitMs,
      `after ${tookMs} ms the chain ended with ${codesOf(end.error).join(', ') || String(end.value)}`,
    );
    if (isWanted(end)) return end;
    await cluster.sleep(100);
  }
}

function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  return [isMoonpoolError(error) ? error.code : error.name, ...codesOf(error.cause)];
}

/** No mailbox holds more than it may. Ticks of timers wait beside the calls: one of each timer. */
export function mailboxesAreBounded(view: ClusterView, nodes: readonly string[]): void {
  for (const node of nodes) {
    const state = view.registry(node)?.read('activations') as
      | { longest?: readonly { actor: string; waiting: number }[] }
      | undefined;
    for (const { actor, waiting } of state?.longest ?? []) {
      if (actor.includes('/Stall/')) requireThat(waiting <= STALL_CAPACITY + 1, `${waiting} calls wait for ${actor}`);
    }
  }
}

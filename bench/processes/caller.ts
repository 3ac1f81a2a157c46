import { ActorRuntime, sqlite } from 'moonpool';
import { closedLoop, LIMIT_MS, openLoop, untilNormal, type Outcomes } from '../rooms/offered-load';
import { usedProcessorMs } from './usage';
import { DurableWorker, Worker } from '../worker';

/** What the caller is asked to do. */
type Order =
  | { readonly kind: 'usage' }
  | { readonly kind: 'closed'; readonly callers: number; readonly forMs: number }
  | { readonly kind: 'open' | 'normal' | 'nothing'; readonly perSecond: number; readonly forMs: number };

/** What became of calls that were offered, and how many processors offering them took. */
export interface Offered extends Outcomes {
  readonly cores: number;
}

/** A client that offers a node as much as it is told, and says what became of it. */
async function main(): Promise<void> {
  const [, , work = '', actors = '1', database = ''] = process.argv;
  const client = await ActorRuntime.connect({
    namespace: 'bench',
    actors: [Worker, DurableWorker],
    modules: [sqlite({ file: database })],
  });
  const calls = Array.from({ length: Number(actors) }, (_, key) => callOf(work, client, `worker-${key}`));
  let turn = 0;
  const call = (): Promise<unknown> => {
    turn = turn + 1 === calls.length ? 0 : turn + 1;
    return (calls[turn] as () => Promise<unknown>)();
  };
  await Promise.all(calls.map((first) => first()));
  process.on('message', (order: Order) => {
    void obey(order, call).then((said) => process.send?.(said));
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.('ready');
}

async function obey(order: Order, call: () => Promise<unknown>): Promise<unknown> {
  switch (order.kind) {
    case 'usage':
      return usedProcessorMs();
    case 'closed':
      return closedLoop(call, order.callers, order.forMs);
    case 'open':
      return offer(call, order.perSecond, order.forMs);
    case 'nothing':
      return offer(refusedAtOnce, order.perSecond, order.forMs);
    default:
      return untilNormal(call, order.perSecond, order.forMs);
  }
}

async function offer(call: () => Promise<unknown>, perSecond: number, forMs: number): Promise<Offered> {
  const before = usedProcessorMs();
  const outcomes = await openLoop(call, perSecond, forMs);
  return { ...outcomes, cores: (usedProcessorMs() - before) / outcomes.tookMs };
}

const settled = Promise.resolve();
const NOT_MADE = new Error('it was not made');

/** The least that a call can be which is not made: what offering it takes is the offering's own. */
function refusedAtOnce(): Promise<never> {
  return new Promise((_, reject) => {
    void settled.then(() => reject(NOT_MADE));
  });
}

function callOf(work: string, client: ActorRuntime, key: string): () => Promise<unknown> {
  const [kind, amount] = work.split('-');
  const worker = client.actor(Worker, key).$with({ timeoutMs: LIMIT_MS });
  const durable = client.actor(DurableWorker, key).$with({ timeoutMs: LIMIT_MS });
  if (kind === 'compute') return () => worker.compute(Number(amount));
  if (kind === 'wait') return () => worker.wait(Number(amount));
  return () => durable.add(1);
}

void main();

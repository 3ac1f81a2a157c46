import { randomUUID } from 'node:crypto';
import { ActorRuntime, type ActorReference } from 'moonpool';
import { SQLITE_FILE } from '../durable-store';
import { HotAccount } from '../savings';
import { perSecond, type Contestant, type Scenario } from '../scenario';

const CALLS = 6_000;
const CALLERS = 128;

/** One durable actor that many call at once, against the same actor called by one: turns that follow do not wait for the disk. */
export function hotActor(target: number): Scenario {
  return {
    name: 'hot-durable-actor',
    what: `durable turns of one actor, ${CALLERS} callers, against one caller`,
    unit: 'turns/s',
    target,
    open: () => onHotAccount((account) => perSecond(CALLS, () => together(CALLERS, () => account.deposit(1)))),
    baseline: {
      name: 'one caller',
      open: () =>
        onHotAccount((account) => perSecond(CALLS / 8, () => together(1, () => account.deposit(1), CALLS / 8))),
    },
  };
}

/** Calls with an idempotency key, against the same without: an answer that is remembered goes with the state. */
export function keyedCalls(target: number): Scenario {
  return {
    name: 'idempotent-call',
    what: 'durable turns of one actor whose calls have a key each, against those without, one caller',
    unit: 'calls/s',
    target,
    open: () =>
      onHotAccount((account) =>
        perSecond(CALLS / 4, () =>
          together(1, () => account.$with({ idempotencyKey: randomUUID() }).deposit(1), CALLS / 4),
        ),
      ),
    baseline: {
      name: 'without a key',
      open: () =>
        onHotAccount((account) => perSecond(CALLS / 4, () => together(1, () => account.deposit(1), CALLS / 4))),
    },
  };
}

async function onHotAccount(run: (account: ActorReference<HotAccount>) => Promise<number>): Promise<Contestant> {
  const { module, remove } = await SQLITE_FILE.open();
  const runtime = await ActorRuntime.start({ namespace: 'bench', actors: [HotAccount], modules: [module] });
  return {
    run: () => run(runtime.actor(HotAccount, 'one')),
    async close(): Promise<void> {
      await runtime.shutdown();
      await remove();
    },
  };
}

/** So many callers at once, until all calls together are made. */
async function together(callers: number, call: () => Promise<unknown>, calls = CALLS): Promise<void> {
  let made = 0;
  const caller = async (): Promise<void> => {
    while (made++ < calls) await call();
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

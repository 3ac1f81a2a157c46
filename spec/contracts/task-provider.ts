import { expect } from 'chai';
import type { TaskProvider } from '../../lib/providers/task-provider';
import type { ContractWorld } from 'moonpool/contracts';

/** Yields until the condition holds; nothing says in which of the next turns of the event loop something happens. */
async function yieldUntil(tasks: TaskProvider, condition: () => boolean): Promise<void> {
  for (let yields = 0; !condition() && yields < 100; yields++) await tasks.yield();
}

/** What every task provider does. */
export function describeTaskProviderContract(name: string, world: ContractWorld<TaskProvider>): void {
  describe(`${name} keeps the contract of a task provider:`, () => {
    it('work that is spawned begins at once and goes on by itself', () =>
      world.run(async (tasks) => {
        const steps: string[] = [];
        tasks.spawn('work', async () => {
          steps.push('begun');
          await tasks.yield();
          steps.push('ended');
        });
        expect(steps).to.deep.equal(['begun']);
        await yieldUntil(tasks, () => steps.length > 1);
        expect(steps).to.deep.equal(['begun', 'ended']);
      }));

    it('what is deferred runs after all promise jobs, in order', () =>
      world.run(async (tasks) => {
        const order: string[] = [];
        tasks.defer(() => order.push('first deferred'));
        tasks.defer(() => order.push('second deferred'));
        for (let job = 0; job < 10; job++) {
          await undefined;
          order.push('job');
        }
        await yieldUntil(tasks, () => order.length === 12);
        expect(order.slice(0, 10).every((step) => step === 'job')).to.equal(true);
        expect(order.slice(10)).to.deep.equal(['first deferred', 'second deferred']);
      }));
  });
}

import { expect } from 'chai';
import type { TimeProvider } from '../../lib/providers/time-provider';
import type { ContractWorld } from 'moonpool/contracts';

/** What every time provider does. */
export function describeTimeProviderContract(name: string, world: ContractWorld<TimeProvider>): void {
  describe(`${name} keeps the contract of a time provider:`, () => {
    it('its monotonic clock never goes back, and a sleep is not shorter than asked', () =>
      world.run(async (time) => {
        const before = time.now();
        await time.sleep(20);
        expect(time.now() - before).to.be.at.least(20);
      }));

    it('callbacks run in the order of their times, not of their scheduling', () =>
      world.run(async (time) => {
        const order: number[] = [];
        time.schedule(30, () => order.push(30));
        time.schedule(1, () => order.push(1));
        await time.sleep(60);
        expect(order).to.deep.equal([1, 30]);
      }));

    it('a callback that was cancelled does not run, and cancelling again does nothing', () =>
      world.run(async (time) => {
        let ran = false;
        const timer = time.schedule(5, () => {
          ran = true;
        });
        timer.cancel();
        timer.cancel();
        await time.sleep(20);
        expect(ran).to.equal(false);
      }));

    it('a callback never runs within the call that schedules it, even without delay', () =>
      world.run(async (time) => {
        let ran = false;
        time.schedule(0, () => {
          ran = true;
        });
        expect(ran).to.equal(false);
        await time.sleep(5);
        expect(ran).to.equal(true);
      }));

    it('its wall clock shows a date of this century and goes on', () =>
      world.run(async (time) => {
        const before = time.wallClock();
        expect(before).to.be.greaterThan(Date.UTC(2020));
        await time.sleep(10);
        expect(time.wallClock()).to.be.greaterThan(before);
      }));
  });
}

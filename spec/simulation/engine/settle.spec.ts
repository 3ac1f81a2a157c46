import { expect } from 'chai';
import { canSettleAtOnce, settleAtOnce, settleByHops, type Pump } from '../../../lib/simulation/engine/settle';

const ignore = () => undefined;

describe('Settling promise jobs', () => {
  it('passes its self-test on this version of Node', async () => {
    expect(await canSettleAtOnce()).to.equal(true);
  });

  it('passes its self-test from within a promise job of an asynchronous hook, where a plain drain does nothing', async () => {
    await Promise.resolve();
    expect(await canSettleAtOnce()).to.equal(true);
  });

  const pumps: readonly (readonly [string, Pump])[] = [
    ['at once', settleAtOnce],
    ['by hops', settleByHops],
  ];
  for (const [name, pump] of pumps) {
    describe(name, () => {
      it('runs promise jobs and ticks, however deep, to the end before the next step', async () => {
        const seen: string[] = [];
        let steps = 0;
        await pump(() => {
          steps++;
          seen.push(`step ${steps}`);
          if (steps === 3) return false;
          void (async () => {
            for (let job = 0; job < 200; job++) await undefined;
            await new Promise<void>((resolve) => process.nextTick(resolve));
            queueMicrotask(() => process.nextTick(() => seen.push(`jobs of ${steps}`)));
          })();
          return true;
        }, ignore);
        expect(seen).to.deep.equal(['step 1', 'jobs of 1', 'step 2', 'jobs of 2', 'step 3']);
      });

      it('lets no real timer in between', async () => {
        let fired = false;
        let steps = 0;
        const deadline = Date.now() + 15;
        await pump(() => {
          // In the first step and not before: until that comes, real timers have their time.
          if (++steps === 1) setTimeout(() => (fired = true), 0);
          expect(fired).to.equal(false);
          return Date.now() < deadline;
        }, ignore);
        expect(steps).to.be.greaterThan(10);
        await new Promise((resolve) => setTimeout(resolve, 5));
        expect(fired).to.equal(true);
      });

      it('reports a tick that throws and goes on', async () => {
        const errors: unknown[] = [];
        let steps = 0;
        await pump(
          () => {
            if (++steps === 2) return false;
            process.nextTick(() => {
              throw new Error('in a tick');
            });
            return true;
          },
          (error) => errors.push(error),
        );
        expect(steps).to.equal(2);
        expect(errors.map(String)).to.deep.equal(['Error: in a tick']);
      });

      it('gives process.nextTick back', async () => {
        const before = process.nextTick;
        let during: unknown;
        await pump(() => {
          during = process.nextTick;
          return false;
        }, ignore);
        expect(during).to.not.equal(before);
        expect(process.nextTick).to.equal(before);
      });
    });
  }
});

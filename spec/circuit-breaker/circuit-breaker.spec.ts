import { expect } from 'chai';
import { Deferred } from '../../lib/concurrency/deferred';
import { CircuitBreaker, type CircuitOptions, type CircuitState } from '../../lib/circuit-breaker/circuit-breaker';
import { codeOf, failureOf, inBothWorlds, simulated, type LocalFixture } from '../local-actors/local-fixture';

const works = (): Promise<string> => Promise.resolve('fine');
const fails = (): Promise<string> => Promise.reject(new Error('down'));

function breakerOf({ time }: LocalFixture, options: CircuitOptions) {
  const changes: CircuitState[] = [];
  return {
    breaker: new CircuitBreaker(time, { name: 'bank', ...options, onChange: (state) => void changes.push(state) }),
    changes,
  };
}

describe('A circuit breaker', () => {
  inBothWorlds(
    'opens when too large a part of enough calls failed, and then refuses without calling',
    async (fixture) => {
      const { breaker } = breakerOf(fixture, { minimumCalls: 4, failureRate: 0.5 });
      for (const call of [fails, works, works]) await breaker.run(call).catch(() => undefined);
      expect(breaker.state).to.equal('closed');
      expect(((await failureOf(breaker.run(fails))) as Error).message).to.equal('down');
      expect(breaker.state).to.equal('open');
      let called = false;
      expect(await codeOf(breaker.run(async () => (called = true)))).to.equal('CIRCUIT_OPEN no');
      expect(called).to.equal(false);
    },
  );

  it(
    'opens after so many failures, of which those of long ago do not count',
    simulated(async (fixture) => {
      const { breaker } = breakerOf(fixture, { failureCount: 3, windowMs: 1_000 });
      for (let call = 0; call < 6; call++) {
        await failureOf(breaker.run(fails));
        await fixture.time.sleep(600);
      }
      expect(breaker.state).to.equal('closed');
      for (let call = 0; call < 3; call++) await failureOf(breaker.run(fails));
      expect(breaker.state).to.equal('open');
    }),
  );

  it(
    'lets a call through after its time, and closes when that succeeds',
    simulated(async (fixture) => {
      const { breaker, changes } = breakerOf(fixture, { failureCount: 1, openMs: 1_000, probes: 2 });
      await failureOf(breaker.run(fails));
      await fixture.time.sleep(900);
      expect(await codeOf(breaker.run(works))).to.equal('CIRCUIT_OPEN no');
      await fixture.time.sleep(200);
      const gate = new Deferred<string>();
      const probes = [breaker.run(() => gate.promise), breaker.run(() => gate.promise)];
      expect(await codeOf(breaker.run(works))).to.equal('CIRCUIT_OPEN no');
      gate.resolve('better');
      expect(await Promise.all(probes)).to.deep.equal(['better', 'better']);
      expect(changes).to.deep.equal(['open', 'half-open', 'closed']);
    }),
  );

  it(
    'opens again when the call that it let through fails',
    simulated(async (fixture) => {
      const { breaker, changes } = breakerOf(fixture, { failureCount: 1, openMs: 1_000 });
      await failureOf(breaker.run(fails));
      await fixture.time.sleep(1_100);
      await failureOf(breaker.run(fails));
      expect(await codeOf(breaker.run(works))).to.equal('CIRCUIT_OPEN no');
      expect(changes).to.deep.equal(['open', 'half-open', 'open']);
    }),
  );

  it(
    'gives the place of a call that it let through, and that never ends, to another after its time',
    simulated(async (fixture) => {
      const { breaker, changes } = breakerOf(fixture, { failureCount: 1, openMs: 1_000 });
      await failureOf(breaker.run(fails));
      await fixture.time.sleep(1_100);
      const gate = new Deferred<string>();
      const stuck = breaker.run(() => gate.promise);
      await fixture.time.sleep(900);
      expect(await codeOf(breaker.run(works))).to.equal('CIRCUIT_OPEN no');
      await fixture.time.sleep(200);
      expect(await breaker.run(works)).to.equal('fine');
      expect(changes).to.deep.equal(['open', 'half-open', 'closed']);
      // What comes of the first is no news any more.
      gate.reject(new Error('late'));
      await failureOf(stuck);
      expect(breaker.state).to.equal('closed');
    }),
  );

  it(
    'closes by as many calls as it wants, also when some of those that it let through are stuck',
    simulated(async (fixture) => {
      const { breaker } = breakerOf(fixture, { failureCount: 1, openMs: 1_000, probes: 2 });
      await failureOf(breaker.run(fails));
      await fixture.time.sleep(1_100);
      void breaker.run(() => new Promise<string>(() => undefined));
      expect(await breaker.run(works)).to.equal('fine');
      expect(await codeOf(breaker.run(works))).to.equal('CIRCUIT_OPEN no');
      await fixture.time.sleep(1_100);
      expect(await breaker.run(works)).to.equal('fine');
      expect(breaker.state).to.equal('closed');
    }),
  );

  it(
    'goes its way whatever those throw whom it asks and tells',
    simulated(async ({ time }) => {
      const raise = (): never => {
        throw Object.create(null) as Error;
      };
      const breaker = new CircuitBreaker(time, { failureCount: 1, openMs: 1_000, isFailure: raise, onChange: raise });
      expect(((await failureOf(breaker.run(fails))) as Error).message).to.equal('down');
      expect(breaker.state).to.equal('open');
      await time.sleep(1_100);
      expect(await breaker.run(works)).to.equal('fine');
      expect(breaker.state).to.equal('closed');
    }),
  );

  it(
    'counts a call that takes too long as a failure',
    simulated(async (fixture) => {
      const { breaker } = breakerOf(fixture, { failureCount: 1, openMs: 1_000, timeoutMs: 100 });
      const late = new Deferred<string>();
      const waits = codeOf(breaker.run(() => late.promise));
      expect(await waits).to.equal('CALL_TIMEOUT maybe');
      expect(breaker.state).to.equal('open');
      await fixture.time.sleep(1_000);
      expect(await breaker.run(works)).to.equal('fine');
      expect(breaker.state).to.equal('closed');
    }),
  );

  it(
    'does not judge by calls that began before it opened',
    simulated(async (fixture) => {
      const { breaker, changes } = breakerOf(fixture, { failureCount: 1, openMs: 1_000 });
      const [old, probe] = [new Deferred<string>(), new Deferred<string>()];
      const begunBefore = failureOf(breaker.run(() => old.promise));
      await failureOf(breaker.run(fails));
      await fixture.time.sleep(1_100);
      const probing = breaker.run(() => probe.promise);
      old.reject(new Error('down'));
      await begunBefore;
      expect(breaker.state).to.equal('half-open');
      probe.resolve('better');
      await probing;
      expect(changes).to.deep.equal(['open', 'half-open', 'closed']);
    }),
  );

  it(
    'may learn which errors are failures',
    simulated(async (fixture) => {
      const { breaker } = breakerOf(fixture, {
        failureCount: 1,
        isFailure: (error) => (error as Error).message !== 'down',
      });
      await failureOf(breaker.run(fails));
      expect(breaker.state).to.equal('closed');
    }),
  );

  it(
    'guards a handle, and calls as a filter',
    simulated(async (fixture) => {
      const { breaker } = breakerOf(fixture, { failureCount: 2 });
      const doubler = fixture.system.spawn<number, number>(() => ({ receive: (number) => number * 2 }));
      const guarded = breaker.guard(doubler);
      expect(await guarded.request(2)).to.equal(4);
      await doubler.stop();
      expect(await codeOf(guarded.request(2))).to.equal('LOCAL_ACTOR_ENDED no');
      await failureOf(breaker.filter()({} as never, fails));
      expect(await codeOf(guarded.send(2))).to.equal('CIRCUIT_OPEN no');
    }),
  );

  it(
    'refuses what it cannot call, which counts for nothing, and takes the answer of a function that is not async',
    simulated(async (fixture) => {
      const { breaker } = breakerOf(fixture, { failureCount: 1, timeoutMs: 100 });
      for (const wrong of [undefined, 5, {}] as never[]) {
        expect(await codeOf(breaker.run(wrong))).to.equal('INVALID_OPTION no');
        if (typeof wrong !== 'object') expect(() => breaker.guard(wrong)).to.throw('INVALID_OPTION');
      }
      expect(breaker.state).to.equal('closed');
      expect(await breaker.run((() => 'at once') as never)).to.equal('at once');
    }),
  );

  it(
    'refuses options that cannot work',
    simulated(async ({ time }) => {
      expect(() => new CircuitBreaker(time, { failureRate: 0 })).to.throw('failureRate');
      expect(() => new CircuitBreaker(time, { failureCount: 0 })).to.throw('failureCount');
    }),
  );
});

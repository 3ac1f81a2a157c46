import { expect } from 'chai';
import type { Buggify } from '../../lib/chaos/buggify';
import { SimulatedThreadProvider } from '../../lib/simulation/providers/simulated-thread-provider';
import { WorkerPool } from '../../lib/worker-pool/worker-pool';
import { simulatedContractWorld } from '../contracts/simulated-contract-world';
import { SimulatedTimeProvider } from '../../lib/simulation/providers/simulated-time-provider';
import { codeOf, failureOf, inBothWorlds, realFixture, simulated } from '../local-actors/local-fixture';
import { poolJobs } from './pool-jobs';

describe('A pool of workers', () => {
  inBothWorlds('runs jobs in its threads, and gives what they return or throw', async ({ system }) => {
    const pool = system.workerPool(poolJobs, { workers: 2 });
    expect(await Promise.all([1, 2, 3, 4, 5].map((number) => pool.run('square', number)))).to.deep.equal([
      1, 4, 9, 16, 25,
    ]);
    expect(await pool.run('later', 'now')).to.equal('now!');
    expect(((await failureOf(pool.run('fail', 'too far'))) as Error).message).to.equal('too far');
    expect(pool.threadsStarted).to.equal(2);
    expect(await codeOf(pool.run('uncopied', null))).to.equal('UNSERIALIZABLE_VALUE yes');
    expect(await codeOf(pool.run('later', (() => 1) as unknown as string))).to.equal('UNSERIALIZABLE_VALUE no');
    const uncopied = (await failureOf(pool.run('later', (() => 1) as unknown as string))) as Error;
    expect(uncopied.message).to.contain(
      'The input of the job later cannot be copied to a thread: () => 1 could not be cloned',
    );
    expect(await codeOf(pool.run('secretive', null))).to.equal('UNSERIALIZABLE_VALUE yes');
    expect(await codeOf(pool.run('unseen', null))).to.equal('UNSERIALIZABLE_VALUE yes');
    // Promises in place of what they come to: those that are rejected end neither this process nor the thread, and with it the next job.
    expect(await codeOf(pool.run('promises', null))).to.equal('UNSERIALIZABLE_VALUE yes');
    expect(await codeOf(pool.run('take', [Promise.reject(new Error('handed over'))]))).to.equal(
      'UNSERIALIZABLE_VALUE no',
    );
    const besideLost = { list: [Promise.reject(new Error('handed over'))], [Symbol('hidden')]: 1 };
    expect(await codeOf(pool.run('take', besideLost))).to.equal('UNSERIALIZABLE_VALUE no');
    expect(await codeOf(pool.run('promisesBesideLost', null))).to.equal('UNSERIALIZABLE_VALUE yes');
    expect(await pool.run('later', 'again')).to.equal('again!');
    expect(pool.threadsStarted).to.equal(2);
    expect(await codeOf(pool.run('take', { list: [{ [Symbol('hidden')]: 1 }] }))).to.equal('UNSERIALIZABLE_VALUE no');
    expect(await pool.run('take', new Map([['a', [1]]]))).to.deep.equal(new Map([['a', [1]]]));
    expect(await codeOf(pool.run('toString' as 'later', ''))).to.equal('INVALID_OPTION no');
    await system.stop();
    expect(await codeOf(pool.run('square', 1))).to.equal('WORKER_POOL_CLOSED no');
  });

  inBothWorlds(
    'tells the error of a job as that of an actor is told: class, name, fields, causes and inner errors',
    async ({ system }) => {
      const pool = system.workerPool(poolJobs, { workers: 1 });
      const error = (await failureOf(pool.run('refuse', 3))) as AggregateError;
      expect(error).to.be.instanceOf(AggregateError).and.to.include({ message: 'both' });
      expect(error.errors[0])
        .to.be.instanceOf(RangeError)
        .and.to.include({ name: 'Refused', message: 'too few', missing: 3 });
      expect((error.errors[0] as Error).cause).to.deep.equal({ below: 0 });
      expect(error.errors[1]).to.include({ code: 'ENOENT' });
      await system.stop();
    },
  );

  it(
    'has a bounded queue',
    simulated(async ({ system }) => {
      const pool = system.workerPool(poolJobs, { workers: 1, queueCapacity: 1 });
      const [running, waiting] = [pool.run('square', 2), pool.run('square', 3)];
      expect(await codeOf(pool.run('square', 4))).to.equal('WORKER_POOL_FULL no');
      expect([pool.busy, pool.queued]).to.deep.equal([1, 1]);
      expect(await Promise.all([running, waiting])).to.deep.equal([4, 9]);
      expect([pool.busy, pool.queued]).to.deep.equal([0, 0]);
    }),
  );

  it('ends a job that takes too long with its thread, and one that waited so long never runs', async () => {
    const { system } = realFixture();
    const pool = system.workerPool(poolJobs, { workers: 1 });
    await pool.run('square', 1);
    const outcomes = [
      codeOf(pool.run('block', 60_000, { timeoutMs: 50 })),
      codeOf(pool.run('square', 2, { timeoutMs: 40 })),
    ];
    expect(await Promise.all(outcomes)).to.deep.equal(['CALL_TIMEOUT maybe', 'CALL_TIMEOUT no']);
    expect(await pool.run('square', 3)).to.equal(9);
    expect(pool.threadsStarted).to.equal(2);
    await system.stop();
  });

  inBothWorlds('refuses what would arrive without its content', async ({ system }) => {
    const pool = system.workerPool(poolJobs, { workers: 1 });
    const emptied = [
      new Headers({ a: 'b' }),
      new Request('http://moonpool.test'),
      new FormData(),
      new URL('http://moonpool.test'),
      new URLSearchParams('a=1'),
      new AbortController().signal,
      Object.create({ inherited: 1 }) as object,
    ];
    for (const value of emptied)
      expect(await codeOf(pool.run('take', [value])), value.constructor.name).to.equal('UNSERIALIZABLE_VALUE no');
    // Node.js 22 and later clone it as what it is.
    const exception = await pool.run('take', [new DOMException('x')]).catch((error: unknown) => error);
    expect(
      exception instanceof Error
        ? (exception as Error & { readonly code?: unknown }).code
        : (exception as readonly unknown[]).map(String),
    ).to.deep.equal(exception instanceof Error ? 'UNSERIALIZABLE_VALUE' : ['Error: x']);
    class Days extends Date {}
    const whole = [new Days(5), /x/g, new Error('e'), Object(1), new Uint8Array(2), new ArrayBuffer(3)];
    const arrived = (await pool.run('take', whole)) as readonly unknown[];
    expect(arrived[0]).to.deep.equal(new Date(5));
    expect(arrived.slice(1).map(String)).to.deep.equal(whole.slice(1).map(String));
    await system.stop();
  });

  it('gives each job its own outcome, whatever a job posts by itself, and counts what that is', async () => {
    const { system } = realFixture();
    const pool = system.workerPool(poolJobs, { workers: 1 });
    const forged = { number: 77, outcome: { kind: 'result', value: 'forged' } };
    const posted = [null, undefined, 5, 'text', { kind: 'result', value: 'forged' }, { number: 1 }, forged];
    for (const message of posted) {
      expect(await pool.run('post', message)).to.equal('posted');
      expect(await pool.run('square', 3)).to.equal(9);
    }
    expect(pool.strayMessages).to.equal(posted.length);
    expect(pool.threadsStarted).to.equal(1);
    await system.stop();
  });

  it('tells a job whose thread died, and takes another thread', async () => {
    const { system } = realFixture();
    const pool = system.workerPool(poolJobs, { workers: 1 });
    const cancel = new AbortController();
    const [died, after, cancelled] = [
      codeOf(pool.run('die', 3)),
      pool.run('square', 3),
      codeOf(pool.run('square', 4, { signal: cancel.signal })),
    ];
    cancel.abort();
    expect(await died).to.equal('WORKER_DIED maybe');
    expect(await after).to.equal(9);
    expect(await cancelled).to.equal('CALL_CANCELLED no');
    expect(pool.threadsStarted).to.equal(2);
    await system.stop();
  });

  it('loses threads in a simulation when the seed says so, and runs every other job', () =>
    simulatedContractWorld(({ engine, machine, life }) => ({
      engine,
      time: new SimulatedTimeProvider(engine, machine.parts.clock, life),
    })).run(async ({ engine, time }) => {
      let asked = 0;
      const everyFifth: Buggify = {
        enabled: true,
        strikes: (site) => site === 'blocking-thread-dies' && ++asked % 5 === 0,
        knob: (_name, value) => value,
      };
      const threads = new SimulatedThreadProvider(time, engine.rolls.sequence('blocking-jobs'), everyFifth);
      const pool = new WorkerPool(poolJobs, { threads, time }, { workers: 3 });
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, number) =>
          pool.run('square', number).catch((error: { readonly code: string }) => error.code),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'WORKER_DIED')).to.have.length(4);
      expect(outcomes.every((outcome, number) => outcome === 'WORKER_DIED' || outcome === number * number)).to.equal(
        true,
      );
      expect(pool.threadsStarted).to.be.within(5, 7);
      await pool.close();
    }));

  it(
    'that is closed finishes the jobs that it has, or refuses those that wait',
    simulated(async ({ system }) => {
      const pool = system.workerPool(poolJobs, { workers: 1 });
      const jobs = [pool.run('square', 2), pool.run('square', 3)];
      await pool.close();
      expect(await Promise.all(jobs)).to.deep.equal([4, 9]);
      const other = system.workerPool(poolJobs, { workers: 1 });
      const ended = [codeOf(other.run('square', 2)), codeOf(other.run('square', 3))];
      await other.close({ drain: false });
      expect(await Promise.all(ended)).to.deep.equal(['WORKER_DIED maybe', 'WORKER_POOL_CLOSED no']);
    }),
  );
});

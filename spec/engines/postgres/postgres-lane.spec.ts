import { expect } from 'chai';
import { Deferred } from '../../../lib/concurrency/deferred';
import { MoonpoolError } from '../../../lib/errors/moonpool-error';
import { PostgresLane, WORTH_BESIDE, type LaneWork } from '../../../lib/engines/postgres/postgres-lane';
import type { PostgresSession } from '../../../lib/engines/postgres/postgres-session';
import type { PostgresSessions } from '../../../lib/engines/postgres/postgres-sessions';

/** An error as a server gives it. */
function serverError(code: string): Error {
  return Object.assign(new Error(code), { code, severity: 'ERROR' });
}

/** Sessions of a database that is not there: a lane asks them for no more than to run its work. */
const SESSIONS = {
  place: 'a database',
  requireOpen: () => undefined,
  enter: () => undefined,
  leave: () => undefined,
  use: (_does: string, work: (session: PostgresSession) => Promise<unknown>) => work({} as PostgresSession),
} as unknown as PostgresSessions;

/** A lane whose batches are noted, and answered by `answer`. */
function laneOf(
  answer: (batch: readonly string[]) => Promise<readonly (string | MoonpoolError)[]>,
  more: Partial<LaneWork<string, string>> = {},
): { lane: PostgresLane<string, string>; batches: (readonly string[])[] } {
  const batches: (readonly string[])[] = [];
  const lane = new PostgresLane<string, string>(SESSIONS, {
    operation: { name: 'test', does: 'test' },
    run: async (_session, batch) => {
      batches.push(batch);
      return answer(batch);
    },
    ...more,
  });
  return { lane, batches };
}

describe('A lane to PostgreSQL', () => {
  it('sends what gathers while a batch is under way as one', async () => {
    const gate = new Deferred<void>();
    const { lane, batches } = laneOf(async (batch) => {
      if (batch.includes('a')) await gate.promise;
      return batch;
    });
    const asked = ['a', 'b'].map((one) => lane.ask(one));
    await new Promise(setImmediate);
    asked.push(...['c', 'd', 'e'].map((one) => lane.ask(one)));
    gate.resolve();
    expect(await Promise.all(asked)).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
    expect(batches).to.deep.equal([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
  });

  it('lets no two travel together that change the same, and keeps their order', async () => {
    const { lane, batches } = laneOf(async (batch) => batch, { keysOf: (asked) => [asked.charAt(0)] });
    await Promise.all(['a1', 'b1', 'a2', 'a3', 'c1', 'b2'].map((one) => lane.ask(one)));
    expect(batches).to.deep.equal([['a1', 'b1', 'c1'], ['a2', 'b2'], ['a3']]);
  });

  it('begins a batch beside another where many wait, and none that changes what is being changed', async () => {
    const gates = new Map<string, Deferred<void>>(['first', 'second'].map((name) => [name, new Deferred<void>()]));
    const { lane, batches } = laneOf(
      async (batch) => {
        await gates.get(batch[0] as string)?.promise;
        return batch;
      },
      { keysOf: (asked) => [asked.replace(/ again$/, '')], mostUnderWay: 2 },
    );
    const asked = [lane.ask('first')];
    await new Promise(setImmediate);
    const few = Array.from({ length: WORTH_BESIDE - 2 }, (_, index) => `k${index}`);
    asked.push(...['second', ...few].map((one) => lane.ask(one)));
    await new Promise(setImmediate);
    expect(batches).to.deep.equal([['first']]);

    asked.push(lane.ask('first again'));
    await new Promise(setImmediate);
    expect(batches).to.deep.equal([['first'], ['second', ...few]]);
    const more = Array.from({ length: WORTH_BESIDE }, (_, index) => `m${index}`);
    asked.push(...more.map((one) => lane.ask(one)));
    await new Promise(setImmediate);
    expect(batches).to.have.length(2);

    gates.get('second')?.resolve();
    await new Promise(setImmediate);
    expect(batches[2]).to.deep.equal(more);
    gates.get('first')?.resolve();
    await Promise.all(asked);
    expect(batches[3]).to.deep.equal(['first again']);
  });

  it('stops only when all that is under way has ended', async () => {
    const gate = new Deferred<void>();
    const steps: string[] = [];
    const note = (step: string) => (): void => void steps.push(step);
    const sessions = { ...SESSIONS, enter: note('enter'), leave: note('leave') } as unknown as PostgresSessions;
    const lane = new PostgresLane<string, string>(sessions, {
      operation: { name: 'test', does: 'test' },
      run: async (_session, batch) => {
        if (batch.includes('slow')) await gate.promise;
        return batch;
      },
      mostUnderWay: 2,
    });
    const slow = lane.ask('slow');
    await new Promise(setImmediate);
    await Promise.all(Array.from({ length: WORTH_BESIDE }, (_, index) => lane.ask(`k${index}`)));
    expect(steps).to.deep.equal(['enter']);
    gate.resolve();
    await slow;
    await new Promise(setImmediate);
    expect(steps).to.deep.equal(['enter', 'leave']);
    await lane.ask('once more');
    await new Promise(setImmediate);
    expect(steps).to.deep.equal(['enter', 'leave', 'enter', 'leave']);
  });

  it('sends no more at once than it may, by number and by bytes', async () => {
    const { lane, batches } = laneOf(async (batch) => batch, {
      maxBatch: 3,
      bytesOf: (asked) => (asked === 'large' ? 2 ** 30 : 1),
    });
    await Promise.all(['a', 'b', 'c', 'd', 'large', 'e'].map((one) => lane.ask(one)));
    expect(batches).to.deep.equal([['a', 'b', 'c'], ['d', 'e'], ['large']]);
  });

  it('tells one that the server refuses, or whose answer is an error, and no other', async () => {
    const spoiled = new MoonpoolError('STORAGE_CORRUPT', { message: 'it is spoiled' });
    const { lane, batches } = laneOf(async (batch) => {
      if (batch.includes('locked')) throw serverError('55P03');
      return batch.map((one) => (one === 'spoiled' ? spoiled : one));
    });
    const outcomes = await Promise.allSettled(['a', 'locked', 'spoiled', 'b'].map((one) => lane.ask(one)));
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect((outcomes[1] as PromiseRejectedResult).reason).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    expect((outcomes[2] as PromiseRejectedResult).reason).to.equal(spoiled);
    expect(batches).to.have.length(5);
  });

  it('tries again what has met others, and does not repeat what may have been done', async () => {
    let collisions = 0;
    const { lane } = laneOf(async (batch) => {
      if (batch.includes('lost')) throw new Error('Connection terminated unexpectedly');
      if (collisions++ < 3) throw serverError('40P01');
      return batch;
    });
    expect(await lane.ask('a')).to.equal('a');
    const { lane: losing, batches } = laneOf(async () => {
      throw new Error('Connection terminated unexpectedly');
    });
    const outcomes = await Promise.allSettled(['a', 'b'].map((one) => losing.ask(one)));
    for (const outcome of outcomes)
      expect((outcome as PromiseRejectedResult).reason).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'maybe' });
    expect(batches).to.have.length(1);
  });
});

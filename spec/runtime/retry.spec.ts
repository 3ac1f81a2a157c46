import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { isMoonpoolError, MoonpoolError, retry, type ErrorCode, type Executed } from 'moonpool';
import { TRANSIENT_CODES } from '../../lib/errors/transience';
import { ambientStand } from '../../lib/providers/ambient-providers';
import { NodeRandomProvider } from '../../lib/providers/node/node-random-provider';
import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { failureOf } from '../activation/cluster-fixture';

function failure(code: ErrorCode, executed: Executed = 'no'): MoonpoolError {
  return new MoonpoolError(code, { message: 'what was asked failed', executed });
}

/** Fails with each of the errors in turn, then answers. */
function failing(...errors: readonly unknown[]): { readonly ask: () => Promise<string>; attempts(): number } {
  let attempts = 0;
  const ask = async (): Promise<string> => {
    const error = errors[attempts++];
    if (error !== undefined) throw error;
    return 'answered';
  };
  return { ask, attempts: () => attempts };
}

const QUICK = { minWaitMs: 1, maxWaitMs: 2 };

describe('retry', () => {
  it('asks once when there is an answer', async () => {
    const { ask, attempts } = failing();
    expect(await retry(ask)).to.equal('answered');
    expect(attempts()).to.equal(1);
  });

  it('repeats what is transient and tells of each failure', async () => {
    const errors = [failure('CONNECTION_LOST', 'maybe'), failure('MAILBOX_FULL'), failure('STATE_FENCED')];
    const { ask, attempts } = failing(...errors);
    const told: unknown[] = [];
    expect(await retry(ask, { ...QUICK, onRetry: (error, attempt) => told.push([attempt, error]) })).to.equal(
      'answered',
    );
    expect(attempts()).to.equal(4);
    expect(told).to.deep.equal(errors.map((error, at) => [at + 1, error]));
  });

  it('gives any other failure to its caller at once, as it is', async () => {
    for (const error of [failure('INVALID_PAYLOAD'), new RangeError('the handler said no'), 'a text', undefined]) {
      let attempts = 0;
      const outcome = await retry(async () => {
        attempts++;
        throw error;
      }, QUICK).catch((caught: unknown) => ({ caught }));
      expect(outcome).to.deep.equal({ caught: error });
      expect(attempts).to.equal(1);
    }
  });

  it('says of a failure that ends it whether an attempt before it may have been executed', async () => {
    const last = failure('INVALID_PAYLOAD');
    const outcome = await failureOf(retry(failing(failure('CONNECTION_LOST', 'maybe'), last).ask, QUICK));
    expect(outcome).to.include({ code: 'INVALID_PAYLOAD', executed: 'maybe', cause: last });
    expect(outcome.message).to.contain('an attempt before it may have been executed');
    expect(await failureOf(retry(failing(failure('MAILBOX_FULL'), last).ask, QUICK))).to.equal(last);
  });

  it('repeats only what was not executed, for who says so', async () => {
    const isWorthRepeating = (error: unknown): boolean =>
      isMoonpoolError(error) && error.isTransient && error.executed === 'no';
    const { ask, attempts } = failing(failure('MAILBOX_FULL'), failure('CONNECTION_LOST', 'maybe'));
    expect(await failureOf(retry(ask, { ...QUICK, isWorthRepeating }))).to.include({ code: 'CONNECTION_LOST' });
    expect(attempts()).to.equal(2);
  });

  it('tells an attempt how much time is left, and when nobody waits for it any more', async () => {
    const seen: { attempt: number; remainingMs: number; signal: AbortSignal }[] = [];
    await retry(
      async (attempt) => {
        seen.push(attempt);
        if (seen.length < 3) throw failure('NODE_UNREACHABLE');
      },
      { ...QUICK, deadlineMs: 60_000 },
    );
    expect(seen.map(({ attempt }) => attempt)).to.deep.equal([1, 2, 3]);
    expect(seen.every(({ remainingMs }) => remainingMs > 0 && remainingMs <= 60_000)).to.equal(true);
    expect(seen[0]?.remainingMs).to.be.greaterThan(seen[2]?.remainingMs as number);
    expect(seen[2]?.signal.aborted).to.equal(true);
  });

  it('ends with its deadline, with the last failure as its cause, and says honestly whether anything can have been executed', async () => {
    const refused = await failureOf(retry(() => Promise.reject(failure('MAILBOX_FULL')), { ...QUICK, deadlineMs: 20 }));
    expect(refused).to.include({ code: 'CALL_TIMEOUT', executed: 'no' });
    expect(refused.cause).to.include({ code: 'MAILBOX_FULL' });
    expect(refused.message).to.match(/Within 20 ms there was no answer to what was asked \d+ times/);

    const doubtful = failing(
      failure('CONNECTION_LOST', 'maybe'),
      ...Array<unknown>(1_000).fill(failure('MAILBOX_FULL')),
    );
    expect(await failureOf(retry(doubtful.ask, { ...QUICK, deadlineMs: 20 }))).to.include({
      code: 'CALL_TIMEOUT',
      executed: 'maybe',
    });
  });

  it('does not wait for an attempt that outlives the deadline, and makes no other', async () => {
    let attempts = 0;
    let given: AbortSignal | undefined;
    const endless = ({ signal }: { readonly signal: AbortSignal }): Promise<never> => {
      attempts++;
      given = signal;
      return new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(failure('CALL_CANCELLED', 'maybe'))),
      );
    };
    expect(await failureOf(retry(endless, { deadlineMs: 10 }))).to.include({ code: 'CALL_TIMEOUT', executed: 'maybe' });
    expect(given?.aborted).to.equal(true);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(attempts).to.equal(1);
  });

  it('ends when its signal aborts: before the first attempt, within one, and between two', async () => {
    const gone = AbortSignal.abort();
    const never = failing();
    expect(await failureOf(retry(never.ask, { signal: gone }))).to.include({ code: 'CALL_CANCELLED', executed: 'no' });
    expect(never.attempts()).to.equal(0);

    const within = new AbortController();
    const endless = retry(() => new Promise<never>(() => undefined), { signal: within.signal });
    within.abort();
    expect(await failureOf(endless)).to.include({ code: 'CALL_CANCELLED', executed: 'maybe' });

    const between = new AbortController();
    const { ask, attempts } = failing(...Array<unknown>(100).fill(failure('MAILBOX_FULL')));
    const waiting = retry(ask, { minWaitMs: 60_000, maxWaitMs: 60_000, signal: between.signal });
    await new Promise((resolve) => setImmediate(resolve));
    between.abort();
    expect(await failureOf(waiting)).to.include({ code: 'CALL_CANCELLED', executed: 'no' });
    expect(attempts()).to.equal(1);
  });

  it('waits twice as long each time, up to its longest wait, and never as long as somebody else', async () => {
    const waits: number[] = [];
    const sleep = (delayMs: number): Promise<void> => {
      waits.push(delayMs);
      return Promise.resolve();
    };
    ambientStand.providers = {
      time: Object.assign(new NodeTimeProvider(), { sleep }),
      random: new NodeRandomProvider(),
    };
    try {
      await retry(failing(...Array<unknown>(8).fill(failure('MAILBOX_FULL'))).ask, { minWaitMs: 10, maxWaitMs: 100 });
    } finally {
      ambientStand.providers = undefined;
    }
    const wholes = [10, 20, 40, 80, 100, 100, 100, 100];
    expect(waits).to.have.length(wholes.length);
    waits.forEach((wait, at) => expect(wait).to.be.within((wholes[at] as number) / 2, wholes[at] as number));
  });

  it('refuses options that cannot work', async () => {
    for (const options of [{ deadlineMs: 0 }, { minWaitMs: -1 }, { deadline: 5 }, { signal: 5 }])
      expect(await failureOf(retry(async () => 1, options as never))).to.include({ code: 'INVALID_OPTION' });
  });
});

describe('An error is transient', () => {
  it('when what failed comes and goes', () => {
    expect(failure('NODE_UNREACHABLE').isTransient).to.equal(true);
    expect(failure('INVALID_PAYLOAD').isTransient).to.equal(false);
  });

  it('when the page on errors says so', () => {
    const page = readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8');
    const listed = /Transient are: ([^.]*)\./
      .exec(page)?.[1]
      ?.split(', ')
      .map((code) => code.slice(1, -1));
    expect(listed).to.deep.equal([...TRANSIENT_CODES]);
  });

  it('as its cause is, where it says only where something failed', () => {
    const failed = (code: ErrorCode, cause: unknown) => new MoonpoolError(code, { message: 'a turn failed', cause });
    expect(failed('HANDLER_FAILED', failure('NODE_UNREACHABLE')).isTransient).to.equal(true);
    expect(failed('ACTIVATION_FAILED', failed('HANDLER_FAILED', failure('MAILBOX_FULL'))).isTransient).to.equal(true);
    expect(failed('ACTIVATION_FAILED', new Error('the constructor failed')).isTransient).to.equal(false);
    expect(failed('HANDLER_FAILED', { isTransient: true }).isTransient).to.equal(false);
  });
});

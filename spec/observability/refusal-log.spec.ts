import { expect } from 'chai';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import type { LogFields, Logger } from '../../lib/observability/logger';
import { RefusalLog } from '../../lib/observability/refusal-log';
import type { TimeProvider } from '../../lib/providers/time-provider';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that is looked at, and a clock whose seconds pass when they are told to. */
class Bench {
  readonly lines: Line[] = [];
  private due: (() => void)[] = [];
  readonly log: RefusalLog;

  constructor() {
    const note = (level: string, message: string, fields: LogFields = {}): void =>
      void this.lines.push({ level, message, fields });
    const logger: Logger = {
      info: (message, fields) => note('info', message, fields),
      warn: (message, fields) => note('warn', message, fields),
      error: (message, _error, fields) => note('error', message, fields),
    };
    const time: Pick<TimeProvider, 'schedule'> = {
      schedule: (_delayMs, callback) => {
        this.due.push(callback);
        return { cancel: () => void (this.due = this.due.filter((other) => other !== callback)) };
      },
    };
    this.log = new RefusalLog(logger, time as TimeProvider);
  }

  get timers(): number {
    return this.due.length;
  }

  second(): void {
    for (const callback of this.due.splice(0)) callback();
  }

  /** The lines since the last look, as their messages and counts. */
  taken(): readonly string[] {
    return this.lines
      .splice(0)
      .map(({ message, fields }) => `${message}${fields['count'] === undefined ? '' : ` (${fields['count']})`}`);
  }
}

describe('The log of refusals', () => {
  it('tells each kind at once, and a flood of it once a second with its count', () => {
    const bench = new Bench();
    for (let number = 0; number < 50_000; number++) bench.log.note('a packet was bad', 'c1', () => ({}));
    expect(bench.taken()).to.deep.equal(['a packet was bad']);
    bench.second();
    expect(bench.taken()).to.deep.equal(['a packet was bad, again (49999)']);
    bench.log.note('a packet was bad', 'c1', () => ({}));
    expect(bench.taken()).to.deep.equal([]);
    bench.second();
    expect(bench.taken()).to.deep.equal(['a packet was bad, again (1)']);
    expect(bench.log.describe()).to.deep.equal({ 'a packet was bad': 50_001 });
  });

  it('keeps kinds and sources apart', () => {
    const bench = new Bench();
    for (const kind of ['first', 'second'])
      for (const source of ['c1', 'c2']) bench.log.note(kind, source, () => ({ fields: { source } }));
    expect(bench.taken()).to.deep.equal(['first', 'first', 'second', 'second']);
  });

  it('tells of many sources in one line, so that a connection for each message is no way around it', () => {
    const bench = new Bench();
    for (let number = 0; number < 10_000; number++) bench.log.note('a stranger came', `c${number}`, () => ({}));
    expect(bench.taken()).to.have.length(20);
    bench.second();
    expect(bench.taken()).to.deep.equal(['a stranger came, by many others (9980)']);
  });

  it('forgets who is quiet for a second, and has no timer while all are', () => {
    const bench = new Bench();
    bench.log.note('a packet was bad', 'c1', () => ({}));
    expect(bench.timers).to.equal(1);
    bench.second();
    expect(bench.timers).to.equal(0);
    bench.log.note('a packet was bad', 'c1', () => ({}));
    expect(bench.taken()).to.deep.equal(['a packet was bad', 'a packet was bad']);
  });

  it('escapes and cuts what comes from outside, in fields and in errors', () => {
    const bench = new Bench();
    const hostile = `\u001b[2K\n${'x'.repeat(66_000)}`;
    const error = new MoonpoolError('MALFORMED_PAYLOAD', { message: `The value holds ${hostile}` });
    bench.log.note('a packet was bad', 'c1', () => ({ fields: { from: hostile, number: 7 }, error }));
    const [{ level, fields } = { level: '', fields: {} as LogFields }] = bench.lines;
    expect(level).to.equal('warn');
    expect(fields).to.include({ number: 7, code: 'MALFORMED_PAYLOAD' });
    for (const name of ['from', 'why']) {
      expect(fields[name]).to.match(/\\u\{1b\}\[2K/);
      expect(String(fields[name]).length).to.be.below(300);
    }
  });

  it('shows the place of a mistake in the code, and asks nothing of what it only counts', () => {
    const bench = new Bench();
    let asked = 0;
    const details = () => {
      asked++;
      return { error: new TypeError('no function') };
    };
    for (let number = 0; number < 10; number++) bench.log.note('a handler failed', 'c1', details);
    expect(asked).to.equal(1);
    expect(bench.lines[0]?.level).to.equal('error');
  });

  it('tells at its end what it had only counted, and leaves no timer', () => {
    const bench = new Bench();
    for (let number = 0; number < 3; number++) bench.log.note('a packet was bad', 'c1', () => ({}));
    bench.log.stop();
    expect(bench.taken()).to.deep.equal(['a packet was bad', 'a packet was bad, again (2)']);
    expect(bench.timers).to.equal(0);
    bench.log.note('a packet was bad', 'c1', () => ({}));
    expect([bench.taken(), bench.timers, bench.log.describe()]).to.deep.equal([[], 0, { 'a packet was bad': 4 }]);
  });
});

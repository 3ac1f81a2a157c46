import type { CallFilter } from '../actor/call-filter';
import { promised } from '../concurrency/promised';
import { forgoAnswer, promptAnswer } from '../concurrency/prompt-answer';
import { StateMachine } from '../concurrency/state-machine';
import { MoonpoolError } from '../errors/moonpool-error';
import { anyOf, callback, count, delay, label, mandatory } from '../options/option-kind';
import { checkArguments, given, optionTable } from '../options/option-table';
import { TimeLimits } from '../providers/time-limits';
import type { TimeProvider } from '../providers/time-provider';
import { OutcomeWindow } from './outcome-window';

/** `closed`: calls go through. `open`: they are refused. `half-open`: a few go through, to see whether things are better. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** When a {@link CircuitBreaker} opens and closes. */
export interface CircuitOptions {
  /** What it guards, for messages. Default: `circuit`. */
  readonly name?: string;
  /** Opens when so many calls of the window failed. Default: none, only the rate counts. */
  readonly failureCount?: number;
  /** Opens when so large a part of the calls of the window failed, from 0 to 1. Default: 0.5. */
  readonly failureRate?: number;
  /** How many calls the window must hold before the rate counts. Default: 10. */
  readonly minimumCalls?: number;
  /** How long a call counts, in milliseconds. Default: 10,000. */
  readonly windowMs?: number;
  /** How long it stays open before it lets calls through again, in milliseconds. Default: 5,000. */
  readonly openMs?: number;
  /**
   * How many calls are let through when it is half open; it closes when so many have succeeded. One that has not ended after `openMs`
   * leaves its place to another, so that a call which never ends does not keep the breaker half open for ever. Default: 1.
   */
  readonly probes?: number;
  /** A call that takes longer, in milliseconds, has failed with CALL_TIMEOUT. Default: calls may take as long as they like. */
  readonly timeoutMs?: number;
  /** Which errors are failures of what is guarded; others count as successes. One for which it throws, or answers with a promise, is a failure. Default: all. */
  readonly isFailure?: (error: unknown) => boolean;
  /** Told of each change. What it throws is nobody's business: the call that made the change goes on. */
  readonly onChange?: (state: CircuitState) => void;
}

export const CIRCUIT_OPTIONS = optionTable<CircuitOptions>({
  name: label(256),
  failureCount: anyOf(
    'a whole number from 1, or Infinity',
    (value) => value === Infinity || (Number.isSafeInteger(value) && (value as number) >= 1),
  ),
  failureRate: anyOf('a number above 0 and at most 1', (value) => typeof value === 'number' && value > 0 && value <= 1),
  minimumCalls: count(1),
  windowMs: delay(),
  openMs: delay(),
  probes: count(1),
  timeoutMs: delay(),
  isFailure: callback('a function (error) => boolean'),
  onChange: callback('a function (state) => ...'),
});

const CALL = mandatory(callback('a function () => a promise'));
const TARGET = mandatory(
  anyOf('an object', (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'),
);

/** The methods of a guarded object that return promises. */
export type Guarded<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => Promise<unknown> ? K : never]: T[K];
};

const DEFAULTS = {
  name: 'circuit',
  failureCount: Infinity,
  failureRate: 0.5,
  minimumCalls: 10,
  windowMs: 10_000,
  openMs: 5_000,
  probes: 1,
} as const;
const MOVES = { closed: ['open'], open: ['half-open'], 'half-open': ['open', 'closed'] } as const;

/**
 * Keeps callers from waiting for something that fails anyway, and what fails from being called while it recovers: when too many
 * calls fail, the next ones are refused at once for a while. After Michael Nygard's Circuit Breaker.
 */
export class CircuitBreaker {
  private readonly machine: StateMachine<CircuitState>;
  private readonly window: OutcomeWindow;
  private readonly limits: TimeLimits;
  private readonly options: CircuitOptions & typeof DEFAULTS;
  private openedAt = 0;
  /** Grows with each change, so that calls which began before it do not count after it. */
  private era = 0;
  /** When the calls began that were let through half open and have not ended. */
  private readonly probesUnderWay: number[] = [];
  private probesSucceeded = 0;

  /** @param time the clock of the process or actor. @throws MoonpoolError INVALID_OPTION */
  constructor(
    private readonly time: TimeProvider,
    options: CircuitOptions = {},
  ) {
    CIRCUIT_OPTIONS.check('CircuitBreaker', options);
    this.options = { ...DEFAULTS, ...given(options) } as CircuitOptions & typeof DEFAULTS;
    this.machine = new StateMachine<CircuitState>(`The circuit breaker ${this.options.name}`, MOVES, 'closed');
    this.window = new OutcomeWindow(this.options.windowMs);
    this.limits = new TimeLimits(time);
  }

  /** An open breaker becomes half open with the first call after its time. */
  get state(): CircuitState {
    return this.machine.state;
  }

  /**
   * Makes the call, and counts how it ends. @throws MoonpoolError CIRCUIT_OPEN, with `executed` no, when it is not made; CALL_TIMEOUT
   * when it takes longer than `timeoutMs`; and what the call throws
   */
  async run<T>(call: () => Promise<T>): Promise<T> {
    checkArguments('run of a circuit breaker', { call: [CALL, call] });
    const beganAt = this.admit();
    const { era } = this;
    let result: T;
    try {
      result = await this.limited(call);
    } catch (error) {
      this.count(era, beganAt, this.isFailure(error));
      throw error;
    }
    this.count(era, beganAt, false);
    return result;
  }

  /** Guards methods of an object, such as a reference or a handle: those that return promises are called through the breaker. */
  guard<T extends object>(target: T): Guarded<T> {
    checkArguments('guard of a circuit breaker', { target: [TARGET, target] });
    const guarded: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (
      let level: object | null = target;
      level !== null && level !== Object.prototype;
      level = Object.getPrototypeOf(level) as object | null
    ) {
      for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
        if (
          typeof value !== 'function' ||
          name === 'constructor' ||
          name.startsWith('$') ||
          Object.hasOwn(guarded, name)
        )
          continue;
        const method = value as (...args: unknown[]) => Promise<unknown>;
        guarded[name] = (...args: unknown[]) => this.run(async () => method.apply(target, args));
      }
    }
    return guarded as Guarded<T>;
  }

  /** The breaker as a filter of the calls that a runtime makes: `outgoing: [breaker.filter()]`. */
  filter(): CallFilter {
    return (_call, next) => this.run(next);
  }

  /** Returns when the call begins, by which it is known when it ends. */
  private admit(): number {
    const { name, openMs, probes } = this.options;
    const now = this.time.now();
    if (this.machine.is('open')) {
      const remainingMs = this.openedAt + openMs - now;
      if (remainingMs > 0)
        throw refusal(`The circuit breaker ${name} is open for another ${Math.ceil(remainingMs)} ms`);
      this.change('half-open');
    }
    if (!this.machine.is('half-open')) return now;
    const { probesUnderWay } = this;
    while (probesUnderWay[0] !== undefined && now - probesUnderWay[0] >= openMs) probesUnderWay.shift();
    if (probesUnderWay.length + this.probesSucceeded >= probes) {
      throw refusal(`The circuit breaker ${name} is half open, and waits for the calls that it let through`);
    }
    probesUnderWay.push(now);
    return now;
  }

  private isFailure(error: unknown): boolean {
    try {
      return promptAnswer(this.options.isFailure?.(error), 'isFailure') ?? true;
    } catch {
      return true;
    }
  }

  private limited<T>(call: () => Promise<T>): Promise<T> {
    const { name, timeoutMs } = this.options;
    if (timeoutMs === undefined) return promised(call);
    const message = `A call through the circuit breaker ${name} took longer than ${timeoutMs} ms`;
    const remedy = 'Raise `timeoutMs` of the breaker, or find why what it guards is slow.';
    return this.limits.within(
      timeoutMs,
      promised(call),
      () => new MoonpoolError('CALL_TIMEOUT', { message, executed: 'maybe', remedy }),
    );
  }

  private count(era: number, beganAt: number, isFailure: boolean): void {
    if (era !== this.era) return;
    const now = this.time.now();
    if (this.machine.is('half-open')) {
      const place = this.probesUnderWay.indexOf(beganAt);
      if (place >= 0) this.probesUnderWay.splice(place, 1);
      if (isFailure) this.open(now);
      else if (++this.probesSucceeded >= this.options.probes) this.change('closed');
      return;
    }
    this.window.add(now, isFailure);
    if (isFailure && this.isTooMuch(now)) this.open(now);
  }

  private isTooMuch(now: number): boolean {
    const { failureCount, failureRate, minimumCalls } = this.options;
    const { calls, failures } = this.window.at(now);
    return failures >= failureCount || (calls >= minimumCalls && failures / calls >= failureRate);
  }

  private open(now: number): void {
    this.openedAt = now;
    this.change('open');
  }

  private change(state: CircuitState): void {
    this.machine.move(state);
    this.era++;
    this.probesUnderWay.length = 0;
    this.probesSucceeded = 0;
    this.window.clear();
    try {
      forgoAnswer(this.options.onChange?.(state));
    } catch {
      // The breaker has no log of its own, and the call that it guards must not fail for its listener.
    }
  }
}

function refusal(message: string): MoonpoolError {
  return new MoonpoolError('CIRCUIT_OPEN', { message });
}

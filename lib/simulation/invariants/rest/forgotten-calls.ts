import { MoonpoolError } from '../../../errors/moonpool-error';
import type { ObservedRun, RunObserver } from '../../observation/run-observer';
import type { OpenWork } from './open-work';

/** How many calls the message names. */
const SHOWN = 5;

/**
 * Finds an `await` that a test has forgotten: when its body ends, calls of its clients are under way. Whoever waits for them is cut off
 * there, a check of their answers among them, and the test would pass without it.
 */
export class ForgottenCalls implements RunObserver {
  private run: ObservedRun | undefined;

  /** @param work what is under way. */
  constructor(private readonly work: OpenWork) {}

  attach(run: ObservedRun): void {
    this.run = run;
  }

  /** Asked when the body has ended, before any time has passed. */
  findFault(): MoonpoolError | undefined {
    const { processes } = this.run ?? {};
    if (processes === undefined) return undefined;
    const calls = this.work.callsOf((node) => processes.isClient(node));
    if (calls.length === 0) return undefined;
    const more = calls.length > SHOWN ? [`and ${calls.length - SHOWN} more`] : [];
    const lines = [...calls.slice(0, SHOWN), ...more].join('\n  ');
    const message = `The body of the test has ended while these wait:\n  ${lines}\n`;
    return new MoonpoolError('TEST_NOT_AWAITED', { message });
  }
}

import { MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';

/** The failure of a run that went on for too long. @param limit in words; @param waits what is waited for, in lines. */
export function overspent(limit: string, waits: readonly string[]): MoonpoolError {
  return new MoonpoolError('SIMULATION_BUDGET_EXCEEDED', {
    message: `The test has not ended within ${limit}; ${inWords(waits, 'no call and no turn is under way, so the test itself goes round in a loop or sleeps')}`,
  });
}

/** The failure of a run in which nothing is left to happen. @param waits what is waited for, in lines. */
export function deadlock(waits: readonly string[]): MoonpoolError {
  return new MoonpoolError('SIMULATION_DEADLOCK', {
    message: `Nothing is left to happen while the test still waits; ${inWords(waits, 'no node waits for anything, so the test waits for something that is not of this world')}`,
  });
}

/** The failure of a run in which nobody handled a rejection. */
export function unhandled(reason: unknown): MoonpoolError {
  const message = `A promise was rejected and nobody handled it: ${messageOf(reason)}`;
  return new MoonpoolError('UNHANDLED_REJECTION', { message, cause: reason });
}

/** @param otherwise what is said when nobody waits. */
function inWords(waits: readonly string[], otherwise: string): string {
  if (waits.length === 0) return otherwise;
  return `these wait:\n  ${waits.join('\n  ')}\n`;
}

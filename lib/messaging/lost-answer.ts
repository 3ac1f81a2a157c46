import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';

/**
 * What a caller is told whose turn ran, and whose answer cannot be given to it. What is wrong with the answer speaks of
 * the answer alone, and would have it that nothing was executed.
 */
export function lostAnswer(method: string, path: string, why: unknown): unknown {
  if (!isMoonpoolError(why) || why.executed === 'yes') return why;
  const { code, detail, remedy } = why;
  return new MoonpoolError(code, { message: `The answer to the call ${method} of ${path} could not be given: ${detail}`, executed: 'yes', remedy, cause: why });
}

import { MoonpoolError, type Executed } from './moonpool-error';

/**
 * The error of the last of several attempts as the outcome of all of them: what ended the last one for good, such as the end of its own node, says of that one alone that it was not
 * executed. @param executed what is known of the attempts before it.
 */
export function withAttemptsBefore(last: MoonpoolError, executed: Executed): MoonpoolError {
  if (executed === 'no' || last.executed !== 'no') return last;
  return new MoonpoolError(last.code, {
    message: `${last.detail}; an attempt before it may have been executed`,
    executed,
    remedy: last.remedy,
    cause: last,
  });
}

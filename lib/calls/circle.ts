import { isMoonpoolError, type MoonpoolError } from '../errors/moonpool-error';

const TO = ' -> ';

/** The actors that wait for each other, as the details of each CALL_DEADLOCK name them, behind a colon and at the end. @param paths the last one was met before. */
export function describeCircle(paths: readonly string[]): string {
  return paths.join(TO);
}

/**
 * True when the call failed, itself or by what it has called, because actors wait for each other, and the actor is named among them: while its turn
 * goes on the same call fails in the same way.
 */
export function isCircleThrough(path: string, error: MoonpoolError): boolean {
  let first: unknown = error;
  while (isMoonpoolError(first) && first.code !== 'CALL_DEADLOCK') first = first.cause;
  if (!isMoonpoolError(first)) return false;
  const { detail } = first;
  return detail.endsWith(TO + path) || detail.includes(TO + path + TO) || detail.includes(`: ${path}${TO}`);
}

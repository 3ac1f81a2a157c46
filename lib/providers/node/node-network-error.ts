import type { ErrorCode } from '../../errors/catalogue';
import { MoonpoolError, type Executed } from '../../errors/moonpool-error';
import { reasonOf } from '../../errors/reason-of';
import { tlsFailure } from './tls-failure';

const CODES: Readonly<Record<string, ErrorCode>> = {
  EADDRINUSE: 'ADDRESS_IN_USE',
  ECONNREFUSED: 'CONNECTION_REFUSED',
  // A Unix socket whose file is absent: nobody listens there.
  ENOENT: 'CONNECTION_REFUSED',
};

/** A failure of the operating system's network as an error of the network contract; the original is its cause. */
export function networkError(cause: unknown, message: string, executed: Executed): MoonpoolError {
  const systemCode = (cause as NodeJS.ErrnoException).code ?? '';
  const tls = tlsFailure(systemCode);
  if (tls !== undefined) return new MoonpoolError('TLS_FAILED', { message: `${message}: ${tls}`, executed, cause });
  return new MoonpoolError(CODES[systemCode] ?? 'CONNECTION_FAILED', {
    message: `${message} (${systemCode || reasonOf(cause)})`,
    executed,
    cause,
  });
}

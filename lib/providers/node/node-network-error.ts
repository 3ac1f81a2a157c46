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

/** Why nobody can listen at an address, by what the system says. */
const UNFIT: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'no network interface of this machine has that address',
  ENOTFOUND: 'the name of its host is not known here',
  EAI_AGAIN: 'the name of its host could not be looked up',
  EACCES: 'this user may not listen there',
};

/** As {@link networkError}, for an address at which this process would listen. */
export function listenError(cause: unknown, address: string): MoonpoolError {
  const why = UNFIT[(cause as NodeJS.ErrnoException).code ?? ''];
  if (why === undefined) return networkError(cause, `Listening on ${address} failed`, 'no');
  return new MoonpoolError('CONNECTION_FAILED', {
    message: `Listening on ${address} failed: ${why} (${(cause as NodeJS.ErrnoException).code})`,
    remedy:
      'Listen on an address of this machine, at a port that this user may use; where others reach it by another one, say that with `advertise`.',
    cause,
  });
}

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

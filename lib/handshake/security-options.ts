import { MoonpoolError } from '../errors/moonpool-error';
import { unknownOption } from '../errors/unknown-option';
import { token } from '../injection/token';
import type { TlsOptions } from '../providers/tls-options';
import { ClusterSecret } from './cluster-secret';

/** Whom this process lets in, and how it shows that it may come in itself. */
export interface SecurityOptions {
  /**
   * A text of at least 16 bytes that all processes of the cluster share. Each connection begins with both sides proving
   * that they know it (HMAC-SHA-256 over fresh nonces; the secret never travels). A list while it is being replaced: the
   * first is used to connect, any is accepted. It does not encrypt: for that there is `tls`. Default: none.
   */
  readonly clusterSecret?: string | readonly string[];
  /** TLS 1.3 on every TCP connection. Default: none. Simulated networks need none and ignore it. */
  readonly tls?: TlsOptions;
  /**
   * Listens where others than this machine can connect, without TLS and without a cluster secret. For networks to which
   * nobody else has access. Default: false, which is refused with UNPROTECTED_ADDRESS.
   */
  readonly insecure?: boolean;
}
export const SecurityOptions = token<SecurityOptions>('SecurityOptions');

const KNOWN_OPTIONS: readonly string[] = ['clusterSecret', 'tls', 'insecure'];

/**
 * Refuses options that cannot be meant: one that is written wrongly would leave a cluster open. What was given is not
 * quoted, for it may be secret. @throws MoonpoolError INVALID_OPTION
 */
export function checkSecurity(security: SecurityOptions | undefined): void {
  if (security === undefined) return;
  if (typeof security !== 'object' || security === null) throw invalid('security', 'an object', security);
  for (const name of Object.keys(security)) {
    if (!KNOWN_OPTIONS.includes(name)) throw unknownOption('security', name, KNOWN_OPTIONS);
  }
  const { clusterSecret, tls, insecure } = security;
  if (clusterSecret !== undefined) void new ClusterSecret(clusterSecret);
  if (tls !== undefined && (typeof tls !== 'object' || tls === null)) throw invalid('security.tls', 'an object', tls);
  if (insecure !== undefined && typeof insecure !== 'boolean') throw invalid('security.insecure', 'true or false', insecure);
}

function invalid(name: string, wanted: string, found: unknown): MoonpoolError {
  const given = found === null ? 'null' : `a value of type ${typeof found}`;
  return new MoonpoolError('INVALID_OPTION', { message: `The option ${name} must be ${wanted}; ${given} was given` });
}

import { token } from '../injection/token';
import type { TlsOptions } from '../providers/tls-options';

/** Whom this process lets in, and how it shows that it may come in itself. */
export interface SecurityOptions {
  /**
   * A text of at least 16 bytes that all processes of the cluster share. Each connection begins with both sides proving
   * that they know it (HMAC-SHA-256 over fresh nonces; the secret never travels). A list while it is being replaced: the
   * first is used to prove, any is accepted. It does not encrypt: for that there is `tls`. Default: none.
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

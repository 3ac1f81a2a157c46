import { token } from '../injection/token';
import { checkedBy, flag } from '../options/option-kind';
import { group, optionTable } from '../options/option-table';
import { TLS_OPTIONS, type TlsOptions } from '../providers/tls-options';
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

/** One that is written wrongly would leave a cluster open. What was given is not quoted, for it may be secret. */
export const SECURITY_OPTIONS = optionTable<SecurityOptions>(
  {
    clusterSecret: checkedBy(
      'a text of at least 16 bytes, or a list of such',
      (value) => void new ClusterSecret(value as string),
    ),
    tls: group(TLS_OPTIONS),
    insecure: flag(),
  },
  { isSecret: true },
);

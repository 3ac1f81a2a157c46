import { flag, mandatory, secret, text } from '../options/option-kind';
import { optionTable } from '../options/option-table';

/** Texts in PEM. Read the files yourself; paths are not taken. */
export interface TlsOptions {
  /** The private key of this process. */
  readonly key: string;
  /** Its certificate, followed by those between it and the authority. */
  readonly cert: string;
  /** The certificates of the authorities that the other side's certificate must come from. The authorities of the system do not count. */
  readonly ca: string;
  /**
   * Whether a process that connects must show a certificate from `ca` too. Without it whoever trusts this certificate may
   * come in, unless there is a cluster secret. Default: true.
   */
  readonly requireClientCertificate?: boolean;
  /**
   * The name that the certificate of every node is made out to. Default: the host of the address that is connected to,
   * which may be an IP address that the certificate lists.
   */
  readonly serverName?: string;
}

const inPem = mandatory(secret('a text in PEM', (value) => typeof value === 'string'));

export const TLS_OPTIONS = optionTable<TlsOptions>(
  {
    key: inPem,
    cert: inPem,
    ca: inPem,
    requireClientCertificate: flag(),
    serverName: text('the name that certificates are made out to'),
  },
  { isSecret: true },
);

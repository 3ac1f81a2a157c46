import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import type { TlsOptions } from '../../../lib/providers/tls-options';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

cryptoProvider.set(webcrypto);

export interface CertificateOptions {
  /** Names that the certificate is made out to. */
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** When it is valid, in days from now. */
  readonly validDays?: readonly [number, number];
}

/** An authority that lives for one spec, and certificates made out by it. */
export class Authority {
  private serial = 1;

  private constructor(
    private readonly certificate: X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {}

  static async found(name: string): Promise<Authority> {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      serialNumber: '01',
      ...validity([-10, 10]),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [new BasicConstraintsExtension(true, 1, true)],
    });
    return new Authority(certificate, keys);
  }

  get pem(): string {
    return this.certificate.toString('pem');
  }

  /** Options of a process whose certificate this authority has made out, and which trusts this authority. */
  async issue({
    names = ['localhost'],
    addresses = ['127.0.0.1'],
    validDays = [-1, 1],
  }: CertificateOptions = {}): Promise<TlsOptions> {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.create({
      serialNumber: (++this.serial).toString(16).padStart(2, '0'),
      subject: 'CN=a node',
      issuer: this.certificate.subject,
      ...validity(validDays),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      extensions: [
        new SubjectAlternativeNameExtension([
          ...names.map((value) => ({ type: 'dns' as const, value })),
          ...addresses.map((value) => ({ type: 'ip' as const, value })),
        ]),
      ],
    });
    const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
    return { key, cert: certificate.toString('pem'), ca: this.pem };
  }
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

function validity([from, to]: readonly [number, number]): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(Date.now() + from * DAY_MS), notAfter: new Date(Date.now() + to * DAY_MS) };
}

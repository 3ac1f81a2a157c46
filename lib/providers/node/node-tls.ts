import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { connect, createSecureContext, createServer, type Server, type TLSSocket } from 'node:tls';
import { MoonpoolError } from '../../errors/moonpool-error';
import { reasonOf } from '../../errors/reason-of';
import { formatAddress, type NetworkAddress } from '../../identity/network-address';
import type { TlsOptions } from '../tls-options';

/** How long the greetings of TLS may take, in milliseconds. */
const HANDSHAKE_LIMIT_MS = 2_000;
/** How many connections may be in the middle of them; the oldest goes when one more comes. */
const MAX_HANDSHAKES = 64;

/** What both sides say: TLS 1.3 alone, and nobody without a certificate of the given authorities. */
const BOTH_SIDES = {
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  rejectUnauthorized: true,
  allowHalfOpen: true,
} as const;

/** Refuses keys and certificates that cannot be used. @throws MoonpoolError INVALID_OPTION, which does not quote them. */
export function checkTlsOptions(tls: TlsOptions): void {
  for (const name of ['key', 'cert', 'ca'] as const) {
    const isText = typeof tls[name] === 'string' && tls[name].includes('-----BEGIN ');
    if (!isText)
      throw new MoonpoolError('INVALID_OPTION', {
        message: `The option security.tls.${name} must be a text in PEM; ${typeof tls[name] === 'string' ? 'another text' : `a value of type ${typeof tls[name]}`} was given`,
      });
  }
  try {
    createSecureContext({ key: tls.key, cert: tls.cert, ca: tls.ca });
  } catch (cause) {
    const why = reasonOf(cause);
    throw new MoonpoolError('INVALID_OPTION', {
      message: `The key and the certificates of security.tls cannot be used: ${why}`,
      remedy: 'Give a key, its certificate, and the certificates of the authorities, each in PEM.',
      cause,
    });
  }
}

/** A server of TLS that bounds what strangers may cost it. @param refused is notified of those whose greetings fail. */
export function createTlsServer(
  { key, cert, ca, requireClientCertificate = true }: TlsOptions,
  accept: (socket: TLSSocket) => void,
  refused: (host: string, error: Error) => void,
): Server {
  const server = createServer({
    ...BOTH_SIDES,
    key,
    cert,
    ca,
    requestCert: requireClientCertificate,
    rejectUnauthorized: requireClientCertificate,
    handshakeTimeout: HANDSHAKE_LIMIT_MS,
    noDelay: true,
    pauseOnConnect: true,
  });
  const greeting = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const name = nameOf(socket);
    greeting.set(name, socket);
    socket.once('close', () => greeting.delete(name));
    // Without a listener an error of a connection that never greeted would end the process.
    socket.on('error', () => undefined);
    if (greeting.size <= MAX_HANDSHAKES) return;
    const [[oldest, stranger]] = greeting as unknown as [[string, Socket]];
    greeting.delete(oldest);
    stranger.destroy();
  });
  server.on('secureConnection', (socket) => {
    greeting.delete(nameOf(socket));
    accept(socket);
  });
  server.on('tlsClientError', (error, socket) => {
    greeting.delete(nameOf(socket));
    refused(socket.remoteAddress ?? 'a process that has left', error);
    socket.destroy();
  });
  return server;
}

/** Connects to a node and makes sure that it is the one that was meant. */
export function connectTls(
  { key, cert, ca, serverName }: TlsOptions,
  { host, port }: NetworkAddress & { readonly kind: 'tcp' },
): TLSSocket {
  // A certificate is made out to a name, or to an IP address, which TLS does not ask for by name.
  const name = serverName ?? (isIP(host) === 0 ? host : undefined);
  return connect({
    ...BOTH_SIDES,
    key,
    cert,
    ca,
    host,
    port,
    timeout: HANDSHAKE_LIMIT_MS,
    ...(name === undefined ? {} : { servername: name }),
  });
}

function nameOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return formatAddress({ kind: 'tcp', host: remoteAddress, port: remotePort });
}

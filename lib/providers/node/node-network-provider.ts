import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ErrorCode } from '../../errors/catalogue';
import { MoonpoolError } from '../../errors/moonpool-error';
import { formatAddress, type NetworkAddress } from '../../identity/network-address';
import type { Connection, ConnectionHandlers, NetworkListener, NetworkProvider } from '../network-provider';

/** TCP and Unix sockets of Node.js. */
export class NodeNetworkProvider implements NetworkProvider {
  async listen(address: NetworkAddress, accept: (connection: Connection) => void): Promise<NetworkListener> {
    if (address.kind === 'unix') await this.removeLeftOverSocket(address);
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => accept(new NodeConnection(socket)));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(networkError(cause, `Listening on ${formatAddress(address)} failed`)));
      server.listen(toNode(address), resolve);
    });
    if (address.kind === 'unix') await chmod(address.path, 0o600);
    return new NodeListener(server, address);
  }

  async connect(address: NetworkAddress): Promise<Connection> {
    const socket = createConnection({ ...toNode(address), allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (cause) => reject(networkError(cause, `Connecting to ${formatAddress(address)} failed`)));
    });
    socket.pause();
    socket.removeAllListeners('error');
    return new NodeConnection(socket);
  }

  /** A process that was killed leaves its socket file behind; a file on which somebody listens stays. */
  private async removeLeftOverSocket(address: NetworkAddress & { kind: 'unix' }): Promise<void> {
    try {
      const connection = await this.connect(address);
      connection.start({ onData: () => undefined, onClose: () => undefined });
      connection.destroy();
    } catch {
      await rm(address.path, { force: true });
    }
  }
}

class NodeListener implements NetworkListener {
  readonly address: NetworkAddress;

  constructor(
    private readonly server: Server,
    asked: NetworkAddress,
  ) {
    this.address = asked.kind === 'tcp' ? { ...asked, port: (server.address() as AddressInfo).port } : asked;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      // The callback waits for every accepted connection to end; the port is free at once.
      this.server.close();
      setImmediate(resolve);
    });
  }
}

class NodeConnection implements Connection {
  readonly remoteAddress: string;
  private failure: MoonpoolError | undefined;

  constructor(private readonly socket: Socket) {
    this.remoteAddress = socket.remoteAddress === undefined ? 'unix' : `${socket.remoteAddress}:${socket.remotePort}`;
    // An error before `start` must not end the process; it is told when the owner has said whom to tell.
    socket.on('error', (cause) => {
      this.failure ??= networkError(cause, `The connection with ${this.remoteAddress} broke`);
    });
  }

  start(handlers: ConnectionHandlers): void {
    const { socket } = this;
    const tellClosed = () => handlers.onClose(this.failure);
    if (socket.destroyed) {
      setImmediate(tellClosed);
      return;
    }
    socket.on('data', (chunk: Buffer) => handlers.onData(chunk));
    socket.on('drain', () => handlers.onDrain?.());
    socket.on('end', () => handlers.onEnd?.());
    socket.once('close', tellClosed);
    socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    return this.socket.writable ? this.socket.write(bytes) : false;
  }

  end(): void {
    this.socket.end();
  }

  destroy(): void {
    if (this.socket.remoteAddress === undefined) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }
}

function toNode(address: NetworkAddress): { host: string; port: number } | { path: string } {
  return address.kind === 'tcp' ? { host: address.host, port: address.port } : { path: address.path };
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  EADDRINUSE: 'ADDRESS_IN_USE',
  ECONNREFUSED: 'CONNECTION_REFUSED',
  // A Unix socket whose file is absent: nobody listens there.
  ENOENT: 'CONNECTION_REFUSED',
};

function networkError(cause: unknown, message: string): MoonpoolError {
  const systemCode = (cause as NodeJS.ErrnoException).code ?? '';
  return new MoonpoolError(CODES[systemCode] ?? 'CONNECTION_FAILED', { message: `${message} (${systemCode || String(cause)})`, executed: 'maybe', cause });
}

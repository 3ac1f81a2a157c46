import { chmod } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo, type Server } from 'node:net';
import type { MoonpoolError } from '../../errors/moonpool-error';
import { formatAddress, isOfThisMachine, type NetworkAddress } from '../../identity/network-address';
import type { Connection, NetworkListener, NetworkProvider } from '../network-provider';
import type { TlsOptions } from '../tls-options';
import { NodeConnection } from './node-connection';
import { listenError, networkError } from './node-network-error';
import type * as NodeTls from './node-tls';
import { ReadBudget } from './read-budget';
import { checkSocketPath, removeLeftOverSocket } from './unix-socket-file';

/** Learns who came and got no connection. */
type OnRefused = (host: string, error: MoonpoolError) => void;

/** Loaded when TLS is configured: most processes that start often, such as tests, have none. */
const nodeTls = () => require('./node-tls') as typeof NodeTls;

/**
 * TCP and Unix sockets of Node.js, TCP with TLS 1.3 when it is configured. The file of a Unix socket has mode 0600; one that a dead process left behind is
 * replaced, and anything else that lies at its path stays and is ADDRESS_IN_USE.
 */
export class NodeNetworkProvider implements NetworkProvider {
  private readonly budget = new ReadBudget();

  /** @param tls for all of TCP; undefined: none. @throws MoonpoolError INVALID_OPTION when its keys cannot be used. */
  constructor(private readonly tls?: TlsOptions) {
    if (tls !== undefined) nodeTls().checkTlsOptions(tls);
  }

  isExposed(address: NetworkAddress): boolean {
    return this.tls === undefined && !isOfThisMachine(address);
  }

  async listen(
    address: NetworkAddress,
    accept: (connection: Connection) => void,
    refused: OnRefused = () => undefined,
  ): Promise<NetworkListener> {
    if (address.kind === 'tcp') return new NodeListener(await this.openServer(address, accept, refused), address);
    checkSocketPath(address.path);
    const server = await this.openServer(address, accept, refused).catch(async (error: unknown) => {
      if (!(await removeLeftOverSocket(address.path))) throw error;
      return this.openServer(address, accept, refused);
    });
    try {
      await chmod(address.path, 0o600);
    } catch (cause) {
      server.close();
      throw listenError(cause, formatAddress(address));
    }
    return new NodeListener(server, address);
  }

  async connect(address: NetworkAddress): Promise<Connection> {
    if (address.kind === 'unix') checkSocketPath(address.path);
    const usesTls = this.tls !== undefined && address.kind === 'tcp';
    const socket = usesTls
      ? nodeTls().connectTls(this.tls, address)
      : createConnection({ ...toNode(address), allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once(usesTls ? 'secureConnect' : 'connect', resolve);
      socket.once('timeout', () => socket.destroy(new Error('the other side did not answer in time')));
      socket.once('error', (cause) =>
        reject(networkError(cause, `Connecting to ${formatAddress(address)} failed`, 'no')),
      );
    });
    socket.pause();
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.removeAllListeners('error').removeAllListeners('timeout');
    return new NodeConnection(socket, address.kind, usesTls ? 'dialled' : 'none', this.budget);
  }

  private openServer(
    address: NetworkAddress,
    accept: (connection: Connection) => void,
    refused: OnRefused,
  ): Promise<Server> {
    const { tls } = this;
    if (tls !== undefined && address.kind === 'tcp') {
      return opened(
        nodeTls().createTlsServer(
          tls,
          (socket) => accept(new NodeConnection(socket, 'tcp', 'accepted', this.budget)),
          (host, cause) => refused(host, networkError(cause, `A connection from ${host} was refused`, 'no')),
        ),
        address,
      );
    }
    const options = { allowHalfOpen: true, noDelay: true, pauseOnConnect: true };
    return opened(
      createServer(options, (socket) => accept(new NodeConnection(socket, address.kind, 'none', this.budget))),
      address,
    );
  }
}

async function opened(server: Server, address: NetworkAddress): Promise<Server> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(listenError(cause, formatAddress(address))));
    server.listen(toNode(address), resolve);
  });
  // A connection that cannot be accepted, because the process has too many files open, must not end the process: the
  // side that connects sees its connection fail, and the next one is accepted when there is room again.
  server.on('error', () => undefined);
  return server;
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

function toNode(address: NetworkAddress): { host: string; port: number } | { path: string } {
  return address.kind === 'tcp' ? { host: address.host, port: address.port } : { path: address.path };
}

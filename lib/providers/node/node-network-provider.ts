import { chmod } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo, type Server } from 'node:net';
import { formatAddress, type NetworkAddress } from '../../identity/network-address';
import type { Connection, NetworkListener, NetworkProvider } from '../network-provider';
import { NodeConnection } from './node-connection';
import { networkError } from './node-network-error';
import { checkSocketPath, removeLeftOverSocket } from './unix-socket-file';

/**
 * TCP and Unix sockets of Node.js. The file of a Unix socket has mode 0600; one that a dead process left behind is
 * replaced, and anything else that lies at its path stays and is ADDRESS_IN_USE.
 */
export class NodeNetworkProvider implements NetworkProvider {
  async listen(address: NetworkAddress, accept: (connection: Connection) => void): Promise<NetworkListener> {
    if (address.kind === 'tcp') return new NodeListener(await openServer(address, accept), address);
    checkSocketPath(address.path);
    const server = await openServer(address, accept).catch(async (error: unknown) => {
      if (!(await removeLeftOverSocket(address.path))) throw error;
      return openServer(address, accept);
    });
    try {
      await chmod(address.path, 0o600);
    } catch (cause) {
      server.close();
      throw networkError(cause, `Listening on ${formatAddress(address)} failed`, 'no');
    }
    return new NodeListener(server, address);
  }

  async connect(address: NetworkAddress): Promise<Connection> {
    if (address.kind === 'unix') checkSocketPath(address.path);
    const socket = createConnection({ ...toNode(address), allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (cause) => reject(networkError(cause, `Connecting to ${formatAddress(address)} failed`, 'no')));
    });
    socket.pause();
    socket.removeAllListeners('error');
    return new NodeConnection(socket, address.kind);
  }
}

async function openServer(address: NetworkAddress, accept: (connection: Connection) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
    accept(new NodeConnection(socket, address.kind)),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(networkError(cause, `Listening on ${formatAddress(address)} failed`, 'no')));
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

import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import type { ChaosNetwork, NetworkPlace } from './chaos-network';
import { CuttableNetwork } from './cuttable-network';
import { ProxiedConnection } from './proxied-connection';

/** The network between processes of one machine: a proxy in front of each node, and cuts of single ways. Who is at the other end of a connection it reads in its greeting. */
export class ProxyNetwork extends CuttableNetwork implements ChaosNetwork {
  readonly kind = 'proxies';
  readonly host = '127.0.0.1';
  private readonly servers: Server[] = [];
  private readonly connections = new Set<ProxiedConnection>();

  /** @param namespace of the cluster, without which greetings are not read. */
  constructor(private readonly namespace: string) {
    super();
  }

  async place(name: string, role: 'node' | 'client', folder: string): Promise<NetworkPlace> {
    const command: NetworkPlace['command'] = [process.execPath];
    if (role === 'client') return { command };
    const socket = join(folder, `${name}.sock`);
    return { command, node: { listen: `unix:${socket}`, advertise: await this.front(name, socket) } };
  }

  cableOf(): undefined {
    return undefined;
  }

  /** Opens a proxy in front of a node. @param target the path of the Unix socket on which it listens. @returns the address to advertise. */
  async front(node: string, target: string): Promise<string> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (dialler) => {
      const connection = new ProxiedConnection({
        ...{ dialler, target, node, namespace: this.namespace },
        stateOf: (way) => this.stateOf(way),
        onClosed: () => this.connections.delete(connection),
      });
      this.connections.add(connection);
    });
    server.listen(0, this.host);
    await once(server, 'listening');
    this.servers.push(server);
    return `${this.host}:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.break();
    await Promise.all(
      this.servers.map(async (server) => {
        server.close();
        await once(server, 'close');
      }),
    );
  }

  protected override apply(): void {
    for (const connection of this.connections) connection.update();
  }
}

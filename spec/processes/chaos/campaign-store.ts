import { join } from 'node:path';
import { PostgresServer } from '../../engines/postgres/postgres-server';
import { StallingProxy } from '../../engines/postgres/stalling-proxy';
import type { EngineName } from './chaos-order';
import type { ChaosStore } from './chaos-setting';

/** A campaign has more processes than the server has connections for by default. */
const SERVER_SETTINGS = { max_connections: '150' };

/** The name of the proxy of those who are no node. */
const EVERYBODY_ELSE = '';

/** Where all processes of a campaign keep what is durable, with what may be done to it. */
export class CampaignStore {
  private constructor(
    private readonly file: string,
    private readonly host: string,
    /** Undefined: the store is a file. */
    readonly server: PostgresServer | undefined,
    /** Between each node and the server, and between all others and the server, which listens on this machine alone. */
    private readonly proxies: ReadonlyMap<string, StallingProxy>,
  ) {}

  /** @param folder for the file, if it is one. @param nodes get a proxy each in front of the server. @param host where all processes reach it. Default: this machine alone. */
  static async open(
    engine: EngineName,
    folder: string,
    nodes: readonly string[],
    host = '127.0.0.1',
  ): Promise<CampaignStore> {
    const file = join(folder, 'chaos.db');
    if (engine === 'sqlite') return new CampaignStore(file, host, undefined, new Map());
    const server = await PostgresServer.create(SERVER_SETTINGS);
    const proxies = new Map<string, StallingProxy>();
    for (const name of [...nodes, EVERYBODY_ELSE]) proxies.set(name, await StallingProxy.open(server.port, host));
    return new CampaignStore(file, host, server, proxies);
  }

  /** What a process is given to reach it. */
  of(name: string): ChaosStore {
    if (this.server === undefined) return { engine: 'sqlite', file: this.file };
    const url = new URL(this.server.url());
    url.hostname = this.host;
    url.port = String((this.proxies.get(name) ?? this.proxies.get(EVERYBODY_ELSE))?.port);
    return { engine: 'postgres', connection: url.href };
  }

  /** What stands between a node and the server; undefined where the store is a file. */
  proxyOf(node: string): StallingProxy | undefined {
    return this.proxies.get(node);
  }

  async close(): Promise<void> {
    for (const proxy of this.proxies.values()) await proxy.close();
    await this.server?.remove();
  }
}

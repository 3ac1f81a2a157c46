import { join } from 'node:path';
import { PostgresServer } from '../../engines/postgres/postgres-server';
import { StallingProxy } from '../../engines/postgres/stalling-proxy';
import type { EngineName } from './chaos-order';
import type { ChaosStore } from './chaos-setting';

/** A campaign has more processes than the server has connections for by default. */
const SERVER_SETTINGS = { max_connections: '150' };

/** Where all processes of a campaign keep what is durable, with what may be done to it. */
export class CampaignStore {
  private constructor(
    private readonly file: string,
    /** Undefined: the store is a file. */
    readonly server: PostgresServer | undefined,
    /** Between each node and the server. */
    private readonly proxies: ReadonlyMap<string, StallingProxy>,
  ) {}

  /** @param folder for the file, if it is one. @param nodes get a proxy each in front of the server. */
  static async open(engine: EngineName, folder: string, nodes: readonly string[]): Promise<CampaignStore> {
    const file = join(folder, 'chaos.db');
    if (engine === 'sqlite') return new CampaignStore(file, undefined, new Map());
    const server = await PostgresServer.create(SERVER_SETTINGS);
    const proxies = new Map<string, StallingProxy>();
    for (const node of nodes) proxies.set(node, await StallingProxy.open(server.port));
    return new CampaignStore(file, server, proxies);
  }

  /** What a process is given to reach it. */
  of(name: string): ChaosStore {
    if (this.server === undefined) return { engine: 'sqlite', file: this.file };
    const url = new URL(this.server.url());
    url.port = String(this.proxies.get(name)?.port ?? this.server.port);
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

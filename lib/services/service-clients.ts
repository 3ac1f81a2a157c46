import type { RpcClass, RpcClient } from '../rpc/rpc-client';
import type { NodeEndpoints } from './node-endpoints';

/** Clients of one service of many processes: of each address one, made when it is first asked for. */
export class ServiceClients<T extends object> {
  private readonly clients = new Map<string, RpcClient<T>>();

  /** @param attemptMs how long an answer is waited for, in milliseconds. */
  constructor(
    private readonly endpoints: Pick<NodeEndpoints, 'connect'>,
    private readonly type: RpcClass<T>,
    private readonly attemptMs: number,
  ) {}

  /** @throws MoonpoolError INVALID_ADDRESS */
  at(address: string): RpcClient<T> {
    const present = this.clients.get(address);
    if (present !== undefined) return present;
    const client = this.endpoints.connect(this.type, address).$with({ timeoutMs: this.attemptMs });
    this.clients.set(address, client);
    return client;
  }

  /** Forgets those of all other addresses. Default: of all. */
  keep(addresses: readonly string[] = []): void {
    for (const address of this.clients.keys()) if (!addresses.includes(address)) this.clients.delete(address);
  }
}

import { parseAddress } from '../identity/network-address';
import { clientNamed } from '../requests/client-address';
import { IncomingRequests } from '../rpc/incoming-requests';
import { OutgoingRequests } from '../rpc/outgoing-requests';
import { makeClient, type RpcClass, type RpcClient } from '../rpc/rpc-client';
import { describeInterface } from '../rpc/rpc-descriptor';
import { serveInterface } from '../rpc/served-interface';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { RefusalLog } from '../observability/refusal-log';
import type { Serializer } from '../serialization/serializer';
import type { Transport } from '../transport/transport';
import type { NodeService } from './node-service';

/** How many requests to services of other processes may wait for their answers. */
const MAX_PENDING_REQUESTS = 100_000;

/** What the endpoints of a node need from it. */
export interface NodeEndpointsParts {
  readonly transport: Transport;
  readonly serializer: Serializer;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly refusals: RefusalLog;
  readonly services: readonly NodeService[];
}

/**
 * Serves the services of this process on its own transport, and asks those of others: correlation, deadlines, cancellation and loss are those
 * of fixed endpoints, connections and handshake those of calls of actors.
 */
export class NodeEndpoints {
  private readonly incoming: IncomingRequests;
  private readonly outgoing: OutgoingRequests;

  /** @throws MoonpoolError INVALID_RPC_INTERFACE, INVALID_OPTION, ENDPOINT_IN_USE */
  constructor(parts: NodeEndpointsParts) {
    this.incoming = new IncomingRequests(parts);
    // A process of 0.1.0 would answer nothing at all.
    this.outgoing = new OutgoingRequests({ ...parts, maxPendingRequests: MAX_PENDING_REQUESTS, feature: 'endpoints' });
    for (const { instance, admits, capacity } of parts.services) {
      serveInterface(this.incoming, instance, {
        admits: ({ role }) => admits.includes(role),
        ...(capacity === undefined ? {} : { capacity }),
      });
    }
  }

  /** How many requests of this process wait for their answers. */
  get pending(): number {
    return this.outgoing.pending;
  }

  /**
   * A typed client of a service of the process at the address; of the client that has connected to this process under a name, at
   * `client:name`. No input or output.
   * @throws MoonpoolError INVALID_RPC_INTERFACE, INVALID_ADDRESS
   */
  connect<T extends object>(type: RpcClass<T>, address: string): RpcClient<T> {
    if (clientNamed(address) === undefined) parseAddress(address);
    return makeClient<T>(describeInterface(type), address, this.outgoing);
  }

  /** Serves no more, and waits for nothing. Called at the end of the node. */
  stop(): void {
    this.incoming.close();
    this.outgoing.close();
  }
}

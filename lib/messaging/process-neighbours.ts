import type { Lease } from '../cluster/lease';
import type { LocalNode } from '../transport/local-node';
import { ANY_INCARNATION } from './envelope';
import type { Call } from './call';
import { NeighbourRequest } from './neighbour-request';
import type { ReferencePort } from './reference-port';
import type { DeliveryPort } from './request';

/** A node of this process, as the others in it reach it. */
export interface Neighbour {
  readonly local: LocalNode;
  readonly lease: Lease;
  readonly port: DeliveryPort;
  readonly references: ReferencePort;
}

/**
 * The nodes of one process: calls between them go from object to object, without a connection and without bytes. What is
 * passed is copied or frozen as for any call, so nobody can tell the difference but by its speed.
 */
export class ProcessNeighbours {
  /** By the address that each listens on, which no two have at one time, whatever their clusters. */
  private readonly byAddress = new Map<string, Neighbour>();

  /** Makes the node known to the others in this process. @returns what makes it unknown again. */
  join(neighbour: Neighbour): () => void {
    const { address } = neighbour.local;
    this.byAddress.set(address, neighbour);
    return () => {
      if (this.byAddress.get(address) === neighbour) this.byAddress.delete(address);
    };
  }

  /** True when the node is in this process. @param incarnation which one is meant; 0 for whoever listens there. */
  has(cluster: string, address: string, incarnation: number): boolean {
    const neighbour = this.byAddress.get(address);
    if (neighbour === undefined || neighbour.local.cluster !== cluster) return false;
    return incarnation === ANY_INCARNATION || neighbour.local.node.incarnation === incarnation;
  }

  /** Hands the call to the node, which {@link has} has found. */
  deliver(call: Call, address: string): void {
    const neighbour = this.byAddress.get(address);
    if (neighbour?.lease.held !== true) {
      call.reject({ why: `the node at ${address} does not serve at present` });
      return;
    }
    let request: NeighbourRequest;
    try {
      request = new NeighbourRequest(call, neighbour.lease, neighbour.references);
    } catch (error) {
      call.error(error);
      return;
    }
    neighbour.port.deliver(request);
  }
}

import { formatHome, type ObserverHome } from '../identity/observer-key';
import { formatNodeId } from '../identity/node-id';
import { ANY_INCARNATION } from './envelope';
import type { Call } from '../calls/call';
import { InProcessRequest, type InProcessParts } from './in-process-request';
import type { OpenCall } from '../calls/open-calls';
import type { Probe } from '../calls/probe';
import type { DeliveryPort } from '../calls/request';

/** A node or client of this process, as the others in it reach it. */
export interface InProcessNode extends InProcessParts {
  readonly port: DeliveryPort;
}

/**
 * The nodes of one process: calls between them go from object to object, without a connection and without bytes. What is
 * passed is copied or frozen as for any call, so nobody can tell the difference but by its speed.
 */
export class InProcessNodes {
  /** By the address that each listens on, which no two have at one time, whatever their clusters. */
  private readonly byAddress = new Map<string, InProcessNode>();
  /** As homes of observers: so clients are found, which listen nowhere. */
  private readonly byHome = new Map<string, InProcessNode>();

  /** Makes the node, or the client, known to the others in this process. @returns what makes it unknown again. */
  join(node: InProcessNode): () => void {
    const { address } = node.local;
    const places = [
      [this.byHome, formatHome(node.local)],
      ...(address === '' ? [] : [[this.byAddress, address] as const]),
    ] as const;
    for (const [map, place] of places) map.set(place, node);
    return () => {
      for (const [map, place] of places) if (map.get(place) === node) map.delete(place);
    };
  }

  /** True when the node is in this process. @param incarnation which one is meant; 0 for whoever listens there. */
  has(cluster: string, address: string, incarnation: number): boolean {
    const node = this.byAddress.get(address);
    if (node === undefined || node.local.cluster !== cluster) return false;
    return incarnation === ANY_INCARNATION || node.local.node.incarnation === incarnation;
  }

  /** True when an observer's home is in this process. */
  isHome(cluster: string, home: ObserverHome): boolean {
    const node = this.byHome.get(formatHome(home));
    return node?.local.cluster === cluster;
  }

  /** Lets the probe follow a call that has not left this process; whoever has it goes on with it. */
  follow(cluster: string, { target, call }: OpenCall, probe: Probe): void {
    for (const { local, port } of this.byHome.values())
      if (local.cluster === cluster) port.follow(target.path, call, probe);
  }

  /** Hands the call to the process of the observer, which {@link isHome} has found. */
  deliverHome(call: Call, home: ObserverHome): void {
    deliverTo(this.byHome.get(formatHome(home)), call, formatNodeId(home.node));
  }

  /** Hands the call to the node, which {@link has} has found. */
  deliver(call: Call, address: string): void {
    deliverTo(this.byAddress.get(address), call, address);
  }
}

function deliverTo(node: InProcessNode | undefined, call: Call, place: string): void {
  if (node?.lease.held !== true) {
    call.reject({ why: `${place} does not serve at present` });
    return;
  }
  let request: InProcessRequest;
  try {
    request = new InProcessRequest(call, node);
  } catch (error) {
    call.error(error);
    return;
  }
  node.port.deliver(request);
}

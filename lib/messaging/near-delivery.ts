import type { Call } from '../calls/call';
import type { OpenCall } from '../calls/open-calls';
import type { Probe } from '../calls/probe';
import { routeError } from '../calls/unsent-call';
import type { Location } from '../directory/location-cache';
import type { ObserverHome } from '../identity/observer-key';
import type { NearLimits } from './near-limits';
import type { InProcessNode, InProcessNodes } from './in-process-nodes';

/** Delivers calls within the process, from object to object: to what lives on this node, and to the nodes of this process. */
export class NearDelivery {
  /** How many calls went to other nodes of this process. */
  callsInProcess = 0;
  private leave: () => void = () => undefined;

  /** @param here this node, as the others see it. */
  constructor(
    private readonly here: InProcessNode,
    private readonly inProcess: InProcessNodes,
    private readonly limits: NearLimits,
  ) {}

  start(): void {
    this.leave = this.inProcess.join(this.here);
  }

  stop(): void {
    this.leave();
  }

  /** To what lives on this node. */
  toHere(call: Call): void {
    if (this.mayPass(call)) this.here.port.deliver(call.request);
  }

  /** To the node at the place, if it is in this process; false when it is not. */
  toInProcessNode(call: Call, { address, node }: Location): boolean {
    if (!this.inProcess.has(this.here.local.cluster, address, node.incarnation)) return false;
    this.callsInProcess++;
    if (this.mayPass(call)) this.inProcess.deliver(call, address);
    return true;
  }

  /** To the process of an observer, if it is this process; false when it is not. */
  toHome(call: Call, home: ObserverHome): boolean {
    if (!this.inProcess.isHome(this.here.local.cluster, home)) return false;
    this.callsInProcess++;
    if (this.mayPass(call)) this.inProcess.deliverHome(call, home);
    return true;
  }

  /** Lets the probe follow a call that has not left this process. */
  follow(call: OpenCall, probe: Probe): void {
    this.inProcess.follow(this.here.local.cluster, call, probe);
  }

  /** What could not be sent elsewhere is not delivered here either. */
  private mayPass(call: Call): boolean {
    const objection = this.limits.objectionTo(call.request);
    if (objection !== undefined) call.failed(routeError(call, objection));
    return objection === undefined;
  }
}

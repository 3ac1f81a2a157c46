import type { Call } from '../calls/call';
import type { OpenCall } from '../calls/open-calls';
import type { Probe } from '../calls/probe';
import { roadError } from '../calls/unsent-call';
import type { Location } from '../directory/location-cache';
import type { ObserverHome } from '../identity/observer-key';
import type { NearLimits } from './near-limits';
import type { Neighbour, ProcessNeighbours } from './process-neighbours';

/** Delivers calls within the process, from object to object: to what lives on this node, and to its neighbours. */
export class NearDelivery {
  /** How many calls went to other nodes of this process. */
  callsInProcess = 0;
  private leave: () => void = () => undefined;

  /** @param here this node, as its neighbours see it. */
  constructor(
    private readonly here: Neighbour,
    private readonly neighbours: ProcessNeighbours,
    private readonly limits: NearLimits,
  ) {}

  start(): void {
    this.leave = this.neighbours.join(this.here);
  }

  stop(): void {
    this.leave();
  }

  /** To what lives on this node. */
  toHere(call: Call): void {
    if (this.mayPass(call)) this.here.port.deliver(call);
  }

  /** To the node at the place, if it is in this process; false when it is not. */
  toNeighbour(call: Call, { address, node }: Location): boolean {
    if (!this.neighbours.has(this.here.local.cluster, address, node.incarnation)) return false;
    this.callsInProcess++;
    if (this.mayPass(call)) this.neighbours.deliver(call, address);
    return true;
  }

  /** To the process of an observer, if it is this process; false when it is not. */
  toHome(call: Call, home: ObserverHome): boolean {
    if (!this.neighbours.isHome(this.here.local.cluster, home)) return false;
    this.callsInProcess++;
    if (this.mayPass(call)) this.neighbours.deliverHome(call, home);
    return true;
  }

  /** Lets the probe follow a call that has not left this process. */
  follow(call: OpenCall, probe: Probe): void {
    this.neighbours.follow(this.here.local.cluster, call, probe);
  }

  /** What could not be sent elsewhere is not delivered here either. */
  private mayPass(call: Call): boolean {
    const objection = this.limits.objectionTo(call);
    if (objection !== undefined) call.failed(roadError(call, objection));
    return objection === undefined;
  }
}

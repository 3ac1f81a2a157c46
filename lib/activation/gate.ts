import type { Arrival, ArrivalGate, Request } from '../calls/request';
import type { TurnRefusal } from '../calls/turn-refusal';
import type { TimeProvider } from '../providers/time-provider';
import type { NodeLoad } from '../scheduling/node-load';
import type { Activation } from './activation';
import type { ActivationTable } from './activation-table';

/** Lets calls in to the actors of a node, or refuses those that would wait too long. */
export class Gate implements ArrivalGate {
  private readonly now: () => number;

  constructor(
    private readonly load: NodeLoad,
    private readonly activations: ActivationTable,
    time: TimeProvider,
  ) {
    this.now = () => time.now();
  }

  get isBusy(): boolean {
    return this.load.isBusy;
  }

  refusalOf(path: string, arrival: Arrival): TurnRefusal | undefined {
    return this.refusalAt(this.activations.get(path), path, arrival);
  }

  /** Whether the request may go in to the activation, if there is one; one that may not is told so. */
  admits(request: Request, activation: Activation | undefined): boolean {
    if (!this.isBusy || request.isAdmitted === true) return true;
    const { target, deadline, chain, isOneWay = false } = request;
    const refusal = this.refusalAt(activation, target.path, { deadline, isNested: chain.length > 0, isOneWay });
    if (refusal !== undefined) request.reply.refuse(refusal);
    return refusal === undefined;
  }

  private refusalAt(activation: Activation | undefined, path: string, arrival: Arrival): TurnRefusal | undefined {
    const present = activation ?? this.activations.workersOf(path)?.leastLoaded;
    return this.load.refusalOf(arrival, present?.loop.waitMs ?? 0, this.now);
  }
}

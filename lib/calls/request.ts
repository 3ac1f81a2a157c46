import type { BoundReferences } from '../actor/bound-references';
import { MoonpoolError } from '../errors/moonpool-error';
import { ActorId } from '../identity/actor-id';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import type { ClassVersion } from '../metadata/class-version';
import type { ContextValues } from './context-values';
import type { OpenCalls } from './open-calls';
import type { Outbox } from './outbox';
import type { OutputGate } from './output-gate';
import type { Probe } from './probe';
import type { ReplyPort } from './reply-port';
import type { TurnRefusal } from './turn-refusal';

/** The turn in which a call is made: what the call inherits from it. */
export interface CallScope {
  /** The deadline of the turn, by this node's monotonic clock. */
  readonly deadline: number;
  /** The paths of the actors that wait for this turn, the first caller first, the actor of the turn last. */
  readonly chain: readonly string[];
  /** What was said about the request that the turn serves, and what it said itself; flows down the chain and not up. */
  readonly values: ContextValues | undefined;
  /** Unique in the cluster. */
  readonly id: string;
  /** The path of the actor of the turn, also for calls that are no links of its chain. */
  readonly actor: string;
  /** Nobody of the turn waits for anything any more. */
  readonly isOver: boolean;
  /** Calls made from the turn that have not ended: kept by the bus, which makes the list with the first. */
  openCalls: OpenCalls | undefined;
  /** Those for which it may wait though they are no links of its chain. */
  looseCalls: OpenCalls | undefined;
  /** Where it puts what must arrive; undefined when nothing of its actor is durable. */
  readonly outbox?: Outbox | undefined;
  /** What holds back what it says to others; undefined when nothing does. */
  readonly gate?: OutputGate | undefined;
}

/** A call on its way to an actor. */
export interface Request {
  readonly target: ActorId;
  readonly method: string;
  /** The arguments, which are the receiver's own. */
  readonly args: readonly unknown[];
  /** The references among the arguments; they follow the activation that takes the request. */
  readonly references?: BoundReferences<CallScope> | undefined;
  /** By this node's monotonic clock; no turn starts after it. */
  readonly deadline: number;
  /** When it came by the same clock, while that is still this moment: then nobody need ask for the time. */
  readonly arrivedAt?: number | undefined;
  readonly chain: readonly string[];
  /** What callers up the chain said about it. */
  readonly values: ContextValues | undefined;
  /** Under which its answer is remembered: calls with one key are executed once. Undefined for most. */
  readonly idempotencyKey?: string | undefined;
  /** That of the caller's class; undefined for the first. */
  readonly classVersion?: ClassVersion | undefined;
  /** What is run in place of a handler of the actor's table: work of the activation itself, such as the tick of a timer. */
  readonly work?: HandlerDescriptor;
  /** Nobody waits for it. */
  readonly isOneWay?: boolean;
  /** The caller wants to know when the message is taken, and nothing more. */
  readonly isAnsweredOnArrival?: boolean;
  /** Learns when the caller waits no more, while the turn is under way. Set by the turn. */
  onCancelled?: ((reason: unknown) => void) | undefined;
  /** For the history: unique in the cluster. */
  readonly call: string;
  /** True when the caller waits no more: then no turn is started. */
  readonly abandoned: boolean;
  /** Set when the turn starts: from then on the call may have been executed. */
  started: boolean;
  /** It was looked at before it was read, and may wait. */
  readonly isAdmitted?: boolean;
  readonly reply: ReplyPort;
}

/** A call that has come, as far as it matters whether it is taken. */
export interface Arrival {
  /** By the monotonic clock. */
  readonly deadline: number;
  /** A turn waits for it, somewhere: that has been taken, and refusing this would throw away what was done for it. */
  readonly isNested: boolean;
  /** Nobody waits for it. */
  readonly isOneWay: boolean;
}

/** Says whether calls are taken, before they are read. */
export interface ArrivalGate {
  /** True while something waits; otherwise all are taken. */
  readonly isBusy: boolean;
  /** Why a call of the actor is not taken; undefined when it is. */
  refusalOf(path: string, arrival: Arrival): TurnRefusal | undefined;
}

/** Takes the requests that arrive at this node; the catalog of activations is one. */
export interface RequestReceiver {
  /** True when an activation of the actor lives here. */
  has(path: string): boolean;
  /** The id of an actor that is active here: it was checked when that began, and need not be read again from its path. */
  idOf?(path: string): ActorId | undefined;
  /** Follows a probe that has come along a call of an actor that may be active here. @param call its id. */
  follow?(path: string, call: string, probe: Probe): void;
  /** Runs the request sooner or later, or answers through its reply port why not. Never throws. */
  receive(request: Request): void;
}

/** Takes the requests for objects of this process that are no actors. */
export interface ObserverReceiver extends RequestReceiver {
  /** True when the wire name is that of a class of observers. */
  claims(type: string): boolean;
}

/** The place at which the receiver of requests is found; it cuts the circle of bus, catalog and references. */
export class DeliveryPort {
  private receiver: RequestReceiver | undefined;
  private observers: ObserverReceiver | undefined;
  private gate: ArrivalGate | undefined;

  /** @param namespace the application whose actors this process has. */
  constructor(private readonly namespace: string) {}

  /** @param gate before the receiver. */
  connect(receiver: RequestReceiver, gate?: ArrivalGate): void {
    this.receiver = receiver;
    this.gate = gate;
  }

  /** Objects of this process that actors call take their requests here. */
  connectObservers(receiver: ObserverReceiver): void {
    this.observers = receiver;
  }

  has(path: string): boolean {
    return this.receiver?.has(path) ?? false;
  }

  /** The id that the path stands for. @throws MoonpoolError INVALID_ACTOR_ID */
  idOf(path: string): ActorId {
    return this.receiver?.idOf?.(path) ?? ActorId.parse(path);
  }

  /** What says whether a call is taken, while that is to be asked; undefined while all are. */
  get busyGate(): ArrivalGate | undefined {
    return this.gate?.isBusy === true ? this.gate : undefined;
  }

  /** A probe has come along the call of the actor. */
  follow(path: string, call: string, probe: Probe): void {
    this.receiver?.follow?.(path, call, probe);
    this.observers?.follow?.(path, call, probe);
  }

  /**
   * Hands the request over, or answers it. Whoever may connect to this node may still name any path: those of other applications, whose
   * states may lie in the same store, are none of its business.
   */
  deliver(request: Request): void {
    if (request.target.namespace !== this.namespace) request.reply.error(foreign(request.target, this.namespace));
    else if (this.observers?.claims(request.target.type) === true) this.observers.receive(request);
    else if (this.receiver !== undefined) this.receiver.receive(request);
    else request.reply.reject({ why: 'the node hosts no actors' });
  }
}

function foreign({ path, namespace }: ActorId, own: string): MoonpoolError {
  return new MoonpoolError('FOREIGN_NAMESPACE', {
    message: `The actor ${path} belongs to the namespace '${namespace}', and was asked for at a process of '${own}'`,
  });
}

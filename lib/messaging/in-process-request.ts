import { BoundReferences } from '../actor/bound-references';
import type { Lease } from '../cluster/lease';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import { shareFrozen } from '../serialization/frozen-value';
import { Isolation } from '../serialization/value-isolation';
import type { LocalNode } from '../identity/local-node';
import type { Call } from '../calls/call';
import type { OutgoingRequest } from '../calls/outgoing-request';
import type { ContextValues } from '../calls/context-values';
import type { ReferencePort } from '../calls/reference-port';
import type { Rejection } from '../calls/rejection';
import type { ReplyPort, Witness } from '../calls/reply-port';
import type { TurnRefusal } from '../calls/turn-refusal';
import type { CallScope, Request } from '../calls/request';
import type { ClassVersion } from '../metadata/class-version';

/** The node to which a call is handed within the process. */
export interface InProcessParts {
  readonly local: LocalNode;
  readonly lease: Lease;
  readonly references: ReferencePort;
}

/** A call from another node of this process. It differs from one of the node's own in that a node without a lease does not answer it. */
export class InProcessRequest implements Request, ReplyPort {
  readonly args: readonly unknown[];
  private readonly asked: OutgoingRequest;
  /** Those of the arguments, which call from the node that has received them. */
  readonly references: BoundReferences<CallScope> | undefined;

  /** @throws MoonpoolError UNKNOWN_REFERENCE */
  constructor(
    private readonly origin: Call,
    private readonly home: InProcessParts,
  ) {
    const { request } = origin;
    this.asked = request;
    this.args = request.args;
    if (request.references?.hasAny !== true) return;
    const references = new BoundReferences<CallScope>(home.references);
    const isShared = request.handler.options.share === true;
    this.args = isShared
      ? request.args.map((arg) => shareFrozen(arg, references))
      : new Isolation(references).copyOfItems(request.args);
    this.references = references;
  }

  get target(): ActorId {
    return this.asked.target;
  }

  get method(): string {
    return this.asked.method;
  }

  get deadline(): number {
    return this.asked.deadline;
  }

  get classVersion(): ClassVersion | undefined {
    return this.asked.classVersion;
  }

  get chain(): readonly string[] {
    return this.asked.chain;
  }

  get values(): ContextValues | undefined {
    return this.asked.values;
  }

  get idempotencyKey(): string | undefined {
    return this.asked.idempotencyKey;
  }

  get isOneWay(): boolean {
    return this.asked.isOneWay;
  }

  get isAnsweredOnArrival(): boolean {
    return this.asked.isAnsweredOnArrival;
  }

  get call(): string {
    return this.asked.call;
  }

  get abandoned(): boolean {
    return this.asked.abandoned;
  }

  get started(): boolean {
    return this.asked.started;
  }

  set started(started: boolean) {
    this.asked.started = started;
  }

  get onCancelled(): ((reason: unknown) => void) | undefined {
    return this.asked.onCancelled;
  }

  set onCancelled(listener: ((reason: unknown) => void) | undefined) {
    this.asked.onCancelled = listener;
  }

  get reply(): ReplyPort {
    return this;
  }

  value(value: unknown, witness: Witness): void {
    if (this.mayAnswer()) this.origin.value(value, witness);
  }

  error(error: unknown): void {
    if (this.mayAnswer()) this.origin.error(error);
  }

  refuse(refusal: TurnRefusal): void {
    if (this.mayAnswer()) this.origin.refuse(refusal);
  }

  reject(rejection: Rejection): void {
    this.origin.reject(rejection);
  }

  /** A node without a lease gives no answers: a newer activation may have answered otherwise by now. */
  private mayAnswer(): boolean {
    const { origin, home } = this;
    if (home.lease.held) return true;
    const message = `${origin.describe()} got no answer: its node ${home.local.toString()} has lost its lease`;
    origin.failed(new MoonpoolError('NODE_FENCED', { message, executed: this.asked.started ? 'maybe' : 'no' }));
    return false;
  }
}

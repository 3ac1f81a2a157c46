import { BoundReferences } from '../actor/bound-references';
import type { CarriedActor, CarriedReference, ReferenceReader } from '../actor/carried-reference';
import type { ActorId } from '../identity/actor-id';
import type { LocalNode } from '../identity/local-node';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import type { ClassVersion } from '../metadata/class-version';
import { argumentForms } from '../serialization/argument-form';
import { isolated, uncarriedArguments } from '../serialization/uncarried-value';
import { shareFrozen } from '../serialization/frozen-value';
import { Isolation } from '../serialization/value-isolation';
import type { CallOptions } from '../actor/call-options';
import type { ContextValues } from './context-values';
import { describeInvocation, type CallTarget, type Expectation, type Invocation } from './invocation';
import type { ReferencePort } from './reference-port';
import type { ReplyPort } from './reply-port';
import type { CallScope, Request } from './request';

/** Where a request is made. */
export interface RequestOrigin {
  readonly local: LocalNode;
  /** Where references that came as values are made. */
  readonly references: ReferencePort;
}

const NO_ARGUMENTS: readonly unknown[] = [];

/** The chain of what nobody waits for. */
const NO_CHAIN: readonly string[] = [];

/** Where answers go before anybody waits for them. */
const NOBODY: ReplyPort = {
  value: () => undefined,
  error: () => undefined,
  refuse: () => undefined,
  reject: () => undefined,
};

/** What is asked of an actor, at the process that asks: an invocation with a number, a deadline and arguments of its own. */
export class OutgoingRequest implements Request, ReferenceReader {
  // What it needs of the invocation, which itself is not kept: very many requests may wait, and the caller's arguments with each.
  readonly callee: CallTarget;
  readonly handler: HandlerDescriptor;
  readonly options: CallOptions | undefined;
  /** The turn that waits for the answer. */
  readonly scope: CallScope | undefined;
  readonly delivery: string | undefined;
  args = NO_ARGUMENTS;
  /** How many bytes the arguments take at most when they travel; undefined when nobody has looked yet. */
  argumentBytes: number | undefined;
  references: BoundReferences<CallScope> | undefined;
  /** What callers said about it. Set by who makes the request. */
  values: ContextValues | undefined;
  expects: Expectation = 'answer';
  /** How often nodes have forwarded it that could not ask its sender. */
  hops = 0;
  started = false;
  /** Set by the bus while it brings the request on its way. */
  arrivedAt: number | undefined;
  /** Written by the call that waits for it. */
  abandoned = false;
  onCancelled: ((reason: unknown) => void) | undefined;
  /** Set by the call that waits for the answer. */
  reply = NOBODY;

  /** @param correlation unique in its process. @param deadline by the monotonic clock. */
  constructor(
    { target, handler, options, scope, delivery }: Invocation,
    readonly correlation: number,
    readonly deadline: number,
    private readonly origin: RequestOrigin,
  ) {
    this.callee = target;
    this.handler = handler;
    this.options = options;
    this.scope = scope;
    this.delivery = delivery;
  }

  get target(): ActorId {
    return this.callee.id;
  }

  /** Nobody waits for it: it asks what was asked of this process. @param hops how often it was forwarded. */
  passOn({ args, references, values }: Pick<OutgoingRequest, 'args' | 'references' | 'values'>, hops: number): void {
    this.args = args;
    this.references = references;
    this.values = values;
    this.expects = 'nothing';
    this.hops = hops;
  }

  get method(): string {
    return this.handler.method;
  }

  get classVersion(): ClassVersion | undefined {
    return this.handler.classVersion;
  }

  get chain(): readonly string[] {
    return this.scope?.chain ?? NO_CHAIN;
  }

  get isOneWay(): boolean {
    return this.expects === 'nothing';
  }

  get isAnsweredOnArrival(): boolean {
    return this.expects === 'arrival';
  }

  get idempotencyKey(): string | undefined {
    return this.options?.idempotencyKey;
  }

  /** The caller holds a signal by which it may cancel. */
  get isCancellable(): boolean {
    return this.options?.signal !== undefined;
  }

  get call(): string {
    return `${this.origin.local}:${this.correlation}`;
  }

  /** Takes the arguments over: copied, or frozen where the handler shares them. @throws MoonpoolError UNSERIALIZABLE_VALUE */
  take(args: readonly unknown[]): void {
    const { handler } = this;
    try {
      const sent = argumentForms(handler, args);
      if (handler.options.share === true) {
        this.args = sent.map((arg) => shareFrozen(arg, this));
      } else {
        const isolation = new Isolation(this);
        this.args = isolation.copyOfItems(sent);
        this.argumentBytes = isolation.bytes;
      }
    } catch (error) {
      throw uncarriedArguments(`the call ${this.method} of ${this.target.path}`, args, error, isolated);
    }
  }

  /** A reference among the arguments. */
  read(actor: CarriedActor): CarriedReference {
    this.references ??= new BoundReferences(this.origin.references);
    return this.references.read(actor);
  }

  /** The call, for messages. */
  describe(): string {
    return describeInvocation({ target: this.callee, handler: this.handler });
  }
}

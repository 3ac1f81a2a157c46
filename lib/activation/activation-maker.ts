import type { CallScope, Request } from '../calls/request';
import { inCleanContext } from '../concurrency/clean-context';
import { MoonpoolError } from '../errors/moonpool-error';
import type { Registration } from '../directory/actor-directory';
import type { LocalNode } from '../identity/local-node';
import type { ActorId } from '../identity/actor-id';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { kindMistake } from '../metadata/given-key';
import type { Lease } from '../cluster/lease';
import type { Logger } from '../observability/logger';
import type { ReferenceSource } from '../actor/reference-source';
import type { RandomProvider } from '../providers/random-provider';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';
import { Activation, type ActivationParts } from './activation';
import { ActivationContext, type ActivationContextParts } from './activation-context';
import { ActivationStart } from './activation-start';
import type { ActivationTable } from './activation-table';
import type { ActorFactory } from './actor-factory';
import type { FailureHold } from './failure-hold';
import { refused } from '../migration/destinations';
import type { Adoption } from './adoption';
import { HostedClasses, type HostedClass } from './hosted-classes';

/** What is needed to make activations. */
export interface ActivationMakerParts {
  readonly local: LocalNode;
  readonly lease: Lease;
  readonly references: ReferenceSource<CallScope>;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly logger: Logger;
  /** Where new ones are noted, and taken out when they have ended. */
  readonly activations: ActivationTable;
  readonly failures: FailureHold;
  /** Where an actor is that has moved from here while the node stops. */
  readonly placeOf: (path: string) => Registration | undefined;
  /** What all activations of the node share, whatever their class. */
  readonly ofNode: Omit<ActivationParts, 'speaks' | 'construct' | 'onActive' | 'onFailed' | 'onEnded'>;
}

/** Makes the activations of a node, one for each first call to an actor of a class that it hosts. */
export class ActivationMaker {
  readonly types = new HostedClasses();
  private readonly contextParts: ActivationContextParts;
  private last = 0;
  private nodeText: string | undefined;
  private isLeaving = false;
  private hasStopped = false;

  constructor(private readonly parts: ActivationMakerParts) {
    const { time, random, logger, references, local } = parts;
    const { refusals } = parts.ofNode;
    // The node is known when it has joined, which is after this is set up and before any actor is activated.
    this.contextParts = {
      time,
      random,
      logger,
      refusals,
      references,
      get node() {
        return local.node;
      },
    };
  }

  /** Actors of this class are activated here from now on. */
  host(descriptor: ActorDescriptor, create: ActorFactory): void {
    const { ofNode, failures, activations } = this.parts;
    const { contextParts } = this;
    const parts: ActivationParts = {
      ...ofNode,
      speaks: create.wantsContext,
      onActive: ({ target }) => failures.forget(target.path),
      onFailed: ({ target }, failure) => failures.note(target.path, failure),
      construct: create.wantsContext
        ? (activation) => create.construct(new ActivationContext(activation.target, contextParts, activation))
        : () => create.construct(undefined),
      onEnded: (activation) => activations.remove(activation),
    };
    this.types.add({ descriptor, parts });
  }

  get isOver(): boolean {
    return this.hasStopped;
  }

  /** No more actors of the cluster are activated here. Those that this node has for itself are, for the turns under way may call them. */
  leave(): void {
    this.isLeaving = true;
  }

  /** No more activations are made: the node is stopping. */
  stop(): void {
    this.hasStopped = true;
  }

  /** Begins to activate the actor; undefined when this node must not, which the request is then told. */
  make(target: ActorId, request: Request): Activation | undefined {
    const { local } = this.parts;
    const hosted = this.types.get(target.type);
    if (!this.mayMake(hosted)) {
      const location = this.parts.placeOf(target.path);
      const isForNext = location !== undefined;
      request.reply.reject({ why: `the node ${local.toString()} is stopping`, location, isForNext });
      return undefined;
    }
    if (hosted === undefined) {
      request.reply.error(this.types.unknown(target, local.toString()));
      return undefined;
    }
    const { descriptor } = hosted;
    const failure = this.failureOf(descriptor, request);
    if (failure !== undefined) {
      request.reply.error(failure);
      return undefined;
    }
    return this.begin(target, hosted);
  }

  /** Begins to activate an actor that another node hands over. @throws MoonpoolError as {@link adopter} */
  adopt(target: ActorId, adoption: Adoption): void {
    this.begin(target, this.adopter(target), adoption);
  }

  /** The class of an actor that could be taken over, as things are. @throws MoonpoolError MIGRATION_REFUSED, UNKNOWN_ACTOR, and with what it failed here a moment ago. */
  adopter(target: ActorId): HostedClass {
    const { local, failures } = this.parts;
    const hosted = this.types.get(target.type);
    if (!this.mayMake(hosted)) throw refused(target, `to ${local.toString()}, which is stopping`);
    if (hosted === undefined) throw this.types.unknown(target, local.toString());
    const { addressing } = hosted.descriptor;
    const objection = addressing.isRegistered
      ? kindMistake(hosted.descriptor, target)
      : 'its class has actors of each node';
    if (objection !== undefined) throw refused(target, `to ${local.toString()}: ${objection}`);
    const failure = failures.failureOf(target.path);
    if (failure !== undefined) throw failure;
    return hosted;
  }

  private mayMake(hosted: HostedClass | undefined): boolean {
    const isForNode = hosted?.descriptor.addressing.isRegistered === false;
    return this.parts.lease.held && !this.hasStopped && (!this.isLeaving || isForNode);
  }

  private begin(target: ActorId, { descriptor, parts }: HostedClass, adoption?: Adoption): Activation {
    const activation = this.open(target, descriptor, parts);
    this.parts.activations.add(activation);
    inCleanContext(begin, new ActivationStart(activation, parts, adoption), this.parts.tasks);
    return activation;
  }

  /** Why no attempt is made to activate the actor for the request. */
  private failureOf(descriptor: ActorDescriptor, { target, method }: Request): MoonpoolError | undefined {
    const mistake = kindMistake(descriptor, target);
    if (mistake === undefined) return this.parts.failures.failureOf(target.path);
    return new MoonpoolError('INVALID_ACTOR_ID', {
      message: `The call ${method} of ${target.path} was refused: ${mistake}`,
    });
  }

  private open(target: ActorId, descriptor: ActorDescriptor, parts: ActivationParts): Activation {
    const { local, logger } = this.parts;
    const { belongsToNode, activationPrefix } = descriptor.addressing;
    // The node has joined before it is called, and keeps its incarnation.
    this.nodeText ??= `${local.toString()}/`;
    const id = `${activationPrefix}${this.nodeText}${++this.last}`;
    // Each node has a static actor of its own, and so a state of its own.
    if (belongsToNode && descriptor.states.length > 0 && local.hasPassingName)
      logger.warn(
        'the state of a static actor belongs to the name of its node, which has made up its own: give it a name',
        { actor: target.path, name: local.name },
      );
    const stateKey = belongsToNode ? `${target.path}@${local.name}` : target.path;
    return new Activation(target, id, descriptor, stateKey, parts);
  }
}

function begin(start: ActivationStart, tasks: TaskProvider): void {
  tasks.spawn(`activate ${start.target.path}`, () => start.run());
}

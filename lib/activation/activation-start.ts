import type { OnActivate, OnMigrate } from '../actor/hooks';
import type { Registration } from '../directory/actor-directory';
import { isMoonpoolError, type MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ActorId } from '../identity/actor-id';
import { refused } from '../migration/destinations';
import { LimitedWork } from '../providers/time-limits';
import { runActorCode } from '../turns/actor-code';
import type { Activation, ActivationParts } from './activation';
import { BoundReferences } from '../actor/bound-references';
import { requireRegistration } from './activation-registrar';
import type { Adoption } from './adoption';
import { activationFailure, lifecycleTimeout, type ActivationStep } from './activation-failure';

/**
 * An activation on its way to become active. It is let go when that is over. Its steps are no async functions, each of which would cost more than
 * an actor that has neither state nor hooks keeps for its life.
 */
export class ActivationStart extends LimitedWork {
  /** For the error of one that fails. */
  private step: ActivationStep = 'registration';
  private hasFailed = false;

  constructor(
    private readonly activation: Activation,
    private readonly parts: ActivationParts,
    /** What it takes over; undefined for most. */
    private readonly adoption?: Adoption,
  ) {
    super(parts.time.now() + parts.activationLimitMs);
  }

  get target(): ActorId {
    return this.activation.target;
  }

  /** Registers the actor here, claims its state, constructs it and runs its hook; then its turns begin. Never rejects because one of these failed. */
  run(): Promise<void> {
    const { limits, registrar } = this.parts;
    const { target } = this;
    const { isRegistered, id } = this.activation;
    limits.begin(this);
    if (!isRegistered) return Promise.resolve().then(() => this.claim());
    return registrar.register(target.path, id, this.adoption?.replaces).then(
      (holder) => this.onAnswered(holder),
      (error: unknown) => this.fail(error),
    );
  }

  /** It took too long. */
  override giveUp(): void {
    const { target } = this.activation;
    const late = lifecycleTimeout(target, 'did not become active', this.parts.activationLimitMs);
    this.parts.tasks.spawn(`give up ${target.path}`, () => this.fail(late));
  }

  /** It has ended meanwhile, or was given up. */
  private get isOver(): boolean {
    return this.hasFailed || this.activation.isOver;
  }

  private onAnswered(holder: Registration): Promise<void> | undefined {
    try {
      requireRegistration(holder);
    } catch (error) {
      return this.fail(error);
    }
    return holder.activation === this.activation.id ? this.takeOver() : this.contend(holder);
  }

  private contend(present: Registration): Promise<void> {
    const { target, activation, parts } = this;
    return parts.registrar.contend(target.path, activation.id, present).then(
      (holder) => this.onRegistered(holder),
      (error: unknown) => this.fail(error),
    );
  }

  private onRegistered(holder: Registration): Promise<void> | undefined {
    const { activation, parts } = this;
    if (holder.activation === activation.id) return this.takeOver();
    parts.limits.end(this);
    if (this.isOver) return undefined;
    parts.counters.ended.of('duplicate').value++;
    const why = `the actor is on ${holder.node.name}`;
    activation.end({ why, location: holder });
    this.adoption?.fail(refused(activation.target, `here: ${why}`));
    return undefined;
  }

  /** It is registered: from here on there is no other. */
  private takeOver(): Promise<void> | undefined {
    return this.adoption === undefined ? this.claim() : this.adoption.receive().then(() => this.claim());
  }

  private claim(): Promise<void> | undefined {
    if (this.isOver) return this.stop();
    this.activation.enter('activating');
    this.step = 'loading of its state';
    try {
      const claim = this.activation.durable.claim();
      if (claim === undefined) return this.construct();
      return claim.then(
        () => this.construct(),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      return this.fail(error);
    }
  }

  private construct(): Promise<void> | undefined {
    if (this.isOver) return this.stop();
    const { activation, parts } = this;
    const { events, activationLimitMs } = parts;
    this.step = 'constructor';
    try {
      const make = (): object => runActorCode(events, undefined, () => parts.construct(activation));
      // Without a context it cannot make calls for which the activation would have to answer, so it needs no turn.
      const instance = parts.speaks ? activation.loop.runConstructor(activationLimitMs, make) : make();
      activation.durable.attach(instance);
      if (this.adoption?.state !== undefined && 'onRehydrate' in instance)
        return this.rehydrate(instance as OnMigrate<unknown>, this.adoption.state).catch((error: unknown) =>
          this.fail(error),
        );
      return this.activate(instance);
    } catch (error) {
      return this.fail(error);
    }
  }

  private async rehydrate(instance: OnMigrate<unknown>, bytes: Uint8Array): Promise<void> {
    const { activation, parts, adoption } = this;
    const { serializer, references, events, activationLimitMs } = parts;
    this.step = 'onRehydrate';
    const state = serializer.read(bytes, new BoundReferences(references, activation.scope));
    await activation.runHook('onRehydrate', activationLimitMs, () => instance.onRehydrate(state));
    const { id, target } = activation;
    if (events.enabled)
      events.record('rehydrate', { actor: target.path, activation: id, from: adoption?.replaces ?? '' });
    if (this.isOver) this.stop();
    else await this.activate(instance);
  }

  private activate(instance: object): Promise<void> | undefined {
    const { activation, parts } = this;
    const { activationLimitMs } = parts;
    if (!('onActivate' in instance)) return this.begin(instance);
    this.step = 'onActivate';
    return activation
      .runHook('onActivate', activationLimitMs, () => (instance as OnActivate).onActivate())
      .then(() => this.begin(instance))
      .catch((error: unknown) => this.fail(error));
  }

  private begin(instance: object): undefined {
    if (this.isOver) return this.stop();
    this.activation.begin(instance);
    this.adoption?.succeed(this.parts.registrar.node, this.activation.id);
    this.parts.limits.end(this);
    return undefined;
  }

  private stop(): undefined {
    this.parts.limits.end(this);
    // What fails says itself why.
    if (!this.hasFailed) this.adoption?.fail(refused(this.target, 'here: its activation has ended'));
  }

  private async fail(cause: unknown): Promise<void> {
    const { activation, parts } = this;
    if (this.isOver) {
      this.adoption?.fail(cause);
      return;
    }
    this.hasFailed = true;
    parts.limits.end(this);
    const { target, loop } = activation;
    const next = isMoonpoolError(cause, 'STORAGE_TOO_NEW')
      ? await parts.succession.afterStored(target, activation.descriptor)
      : undefined;
    if (next !== undefined && this.adoption === undefined) {
      await this.giveWay(next, reasonOf(cause));
      return;
    }
    const failure = activationFailure(target, this.step, cause, parts.activationLimitMs);
    // Whoever calls many actors has many fail, by a mistake of their class or while the store is away.
    const { path: actor } = target;
    parts.refusals.note('an activation failed', actor, () => ({ fields: { actor }, error: cause }));
    parts.counters.ended.of('activation-failed').value++;
    if (this.adoption !== undefined) {
      await this.giveBack(this.adoption, failure);
      return;
    }
    try {
      parts.onFailed(activation, failure);
      loop.failAll(failure);
      await activation.unregister();
      // Who has come since then is no worse off.
      loop.failAll(failure);
    } finally {
      activation.end({ why: failure.detail });
    }
  }

  /** What is stored was written by a later version of the class, and there is a node that has one. */
  private async giveWay(location: Registration, found: string): Promise<void> {
    const { activation, parts } = this;
    const [actor, node] = [activation.target.path, location.node.name];
    parts.logger.info('an actor goes on where a later version of its class is', { actor, node, found });
    parts.counters.ended.of('outdated').value++;
    try {
      await activation.unregister();
    } finally {
      activation.end({ why: 'its stored state is of a later version of its class', location });
    }
  }

  /** Nobody has called for this activation, so nobody is told its failure but the node that has asked: whoever calls meanwhile goes on to the next one. */
  private async giveBack(adoption: Adoption, failure: MoonpoolError): Promise<void> {
    const { activation } = this;
    try {
      await activation.unregister();
    } finally {
      activation.end({ why: failure.detail, isForNext: true });
      adoption.fail(failure);
    }
  }
}

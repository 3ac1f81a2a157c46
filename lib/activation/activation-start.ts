import type { OnActivate } from '../actor/hooks';
import { isMoonpoolError } from '../errors/moonpool-error';
import type { Activation, ActivationParts } from './activation';
import { activationFailure, lifecycleTimeout, type ActivationStep } from './activation-failure';
import { runActorCode } from '../turns/actor-code';

/** An activation on its way to become active. It is let go when that is over. */
export class ActivationStart {
  /** For the error of one that fails. */
  private step: ActivationStep = 'registration';
  private hasFailed = false;

  constructor(
    private readonly activation: Activation,
    private readonly parts: ActivationParts,
  ) {}

  /** Registers the actor here, claims its state, constructs it and runs its hook; then its turns begin. Never rejects because one of these failed. */
  async run(): Promise<void> {
    const { limits, activationLimitMs } = this.parts;
    const limit = limits.begin(activationLimitMs, () => {
      const late = lifecycleTimeout(this.activation.target, 'did not become active', activationLimitMs);
      this.parts.tasks.spawn(`give up ${this.activation.target.path}`, () => this.fail(late));
    });
    try {
      await this.becomeActive();
    } catch (error) {
      await this.fail(error);
    } finally {
      limits.end(limit);
    }
  }

  /** It has ended meanwhile, or was given up. */
  private get isOver(): boolean {
    return this.hasFailed || this.activation.isOver;
  }

  private async becomeActive(): Promise<void> {
    const { activation } = this;
    const { registrar, events, construct, activationLimitMs } = this.parts;
    if (activation.isRegistered) {
      const holder = await registrar.register(activation.target.path, activation.id);
      if (holder.activation !== activation.id) {
        this.parts.counters.ended.of('duplicate').value++;
        activation.end({ why: `the actor is on ${holder.node.name}`, location: holder });
        return;
      }
    }
    if (this.isOver) return;
    activation.enter('activating');
    this.step = 'loading of its state';
    const claim = activation.durable.claim();
    if (claim !== undefined) {
      await claim;
      if (this.isOver) return;
    }
    this.step = 'constructor';
    const instance = activation.loop.runConstructor(activationLimitMs, () =>
      runActorCode(events, undefined, () => construct(activation)),
    );
    activation.durable.attach(instance);
    this.step = 'onActivate';
    if ('onActivate' in instance)
      await activation.runHook('onActivate', activationLimitMs, () => (instance as OnActivate).onActivate());
    if (this.isOver) return;
    activation.begin(instance);
  }

  private async fail(cause: unknown): Promise<void> {
    const { activation, parts } = this;
    if (this.isOver) return;
    this.hasFailed = true;
    const { target, loop } = activation;
    const failure = activationFailure(target, this.step, cause, parts.activationLimitMs);
    if (isMoonpoolError(cause, 'STORAGE_UNAVAILABLE')) parts.logger.warn(failure.message);
    else parts.logger.error('an activation failed', cause, { actor: target.path });
    parts.counters.ended.of('activation-failed').value++;
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
}

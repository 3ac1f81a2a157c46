import type { ActorContext } from '../actor/actor-context';
import type { ActorClass, ActorReference } from '../actor/actor-reference';
import type { ReferenceSource } from '../actor/reference-source';
import type { ActorId } from '../identity/actor-id';
import type { NodeId } from '../identity/node-id';
import type { CallScope } from '../messaging/request';
import type { Logger } from '../observability/logger';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';

/** What an activation's context is made of. */
export interface ActivationContextParts {
  readonly node: NodeId;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  readonly logger: Logger;
  readonly references: ReferenceSource<CallScope>;
}

/** The activation that a context belongs to. */
export interface ContextOwner {
  /** The turn in progress; undefined outside of turns. */
  readonly scope: CallScope | undefined;
  endOnIdle(): void;
}

/** The context of one activation. */
export class ActivationContext implements ActorContext {
  constructor(
    readonly id: ActorId,
    private readonly parts: ActivationContextParts,
    private readonly owner: ContextOwner,
  ) {}

  get node(): NodeId {
    return this.parts.node;
  }

  get time(): TimeProvider {
    return this.parts.time;
  }

  get random(): RandomProvider {
    return this.parts.random;
  }

  get logger(): Logger {
    return this.parts.logger;
  }

  get key(): string {
    return this.id.key ?? '';
  }

  actor<T extends object>(type: ActorClass<T>, key?: string): ActorReference<T> {
    return this.parts.references.reference(type, key, () => this.owner.scope);
  }

  deactivateOnIdle(): void {
    this.owner.endOnIdle();
  }
}

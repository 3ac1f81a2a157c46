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

/** The context of one activation. */
export class ActivationContext implements ActorContext {
  readonly node: NodeId;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  readonly logger: Logger;

  constructor(
    readonly id: ActorId,
    private readonly parts: ActivationContextParts,
    private readonly scope: () => CallScope | undefined,
    private readonly requestEnd: () => void,
  ) {
    this.node = parts.node;
    this.time = parts.time;
    this.random = parts.random;
    this.logger = parts.logger;
  }

  get key(): string {
    return this.id.key ?? '';
  }

  actor<T extends object>(type: ActorClass<T>, key?: string): ActorReference<T> {
    return this.parts.references.reference(type, key, this.scope);
  }

  deactivateOnIdle(): void {
    this.requestEnd();
  }
}

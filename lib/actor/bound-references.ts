import type { CarriedActor, CarriedReference, ReferenceReader } from './carried-reference';
import type { ReferenceSource } from './reference-source';

/**
 * The references of one message, or of one state. Who will use them may be known only after they were read: a message is
 * read before its activation is found. All of them follow when they are bound.
 */
export class BoundReferences<Scope> implements ReferenceReader {
  /** True when there is at least one. */
  hasAny = false;
  private scope: (() => Scope | undefined) | undefined;

  /** @param scope says in which turn a call is being made; without it they belong to no turn until they are bound. */
  constructor(
    private readonly source: Pick<ReferenceSource<Scope>, 'received'>,
    scope?: () => Scope | undefined,
  ) {
    this.scope = scope;
  }

  bindTo(scope: (() => Scope | undefined) | undefined): void {
    this.scope = scope;
  }

  read(actor: CarriedActor): CarriedReference {
    this.hasAny = true;
    return this.source.received(actor, () => this.scope?.());
  }
}

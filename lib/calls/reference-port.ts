import type { CarriedActor, CarriedReference } from '../actor/carried-reference';
import type { ReferenceSource } from '../actor/reference-source';
import { MoonpoolError } from '../errors/moonpool-error';
import type { CallScope } from './request';

/** The place at which received references are made; it cuts the circle of bus and references. */
export class ReferencePort {
  private source: ReferenceSource<CallScope> | undefined;

  connect(source: ReferenceSource<CallScope>): void {
    this.source = source;
  }

  /** @throws MoonpoolError UNKNOWN_REFERENCE */
  received(actor: CarriedActor, scope: () => CallScope | undefined): CarriedReference {
    if (this.source !== undefined) return this.source.received(actor, scope);
    throw new MoonpoolError('UNKNOWN_REFERENCE', {
      message: `The reference to ${actor.id.path} came to a process that makes no references`,
    });
  }
}

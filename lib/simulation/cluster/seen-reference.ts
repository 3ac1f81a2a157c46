import { CarriedReference, type CarriedActor } from '../../actor/carried-reference';
import type { ActorId } from '../../identity/actor-id';

/** A reference in a state that an invariant looks at: it says who is meant, and calls nobody. */
export class SeenReference extends CarriedReference {
  constructor(override readonly $carried: CarriedActor) {
    super();
  }

  get $id(): ActorId {
    return this.$carried.id;
  }

  override $unbound(): SeenReference {
    return this;
  }
}

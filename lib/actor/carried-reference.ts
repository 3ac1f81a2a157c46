import type { ActorId } from '../identity/actor-id';

/** Whom a reference means: all that travels of it. Deadlines, signals and other options of `$with` stay behind. */
export interface CarriedActor {
  readonly id: ActorId;
  /** The address of the node whose static actor is meant; undefined for a virtual actor. */
  readonly address: string | undefined;
}

/** Base class of references, by which serializers know them among other values. */
export abstract class CarriedReference {
  /** Whom it means. @throws MoonpoolError UNSERIALIZABLE_VALUE when that means nothing elsewhere. */
  abstract get $carried(): CarriedActor;
  /** A reference to the same actor that belongs to no turn. */
  abstract $unbound(): CarriedReference;
}

/** Makes references of what was carried; a serializer is given one to read with, and passes it to `fromTagged`. */
export interface ReferenceReader {
  /** @throws MoonpoolError UNKNOWN_REFERENCE when this process does not know the actor type. */
  read(actor: CarriedActor): CarriedReference;
}

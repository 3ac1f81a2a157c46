import type { ActorOptions } from '../lib/metadata/actor-record';
import { noteActor } from '../lib/metadata/metadata-store';

/** Marks a class of actors and gives it its name on the wire. Mistakes are reported together when a runtime starts. */
export function Actor(options: ActorOptions): ClassDecorator {
  return (type) => noteActor(type, options);
}

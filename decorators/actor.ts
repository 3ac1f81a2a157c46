import type { ActorOptions } from '../lib/metadata/actor-record';
import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteActor } from '../lib/metadata/metadata-store';

/** Marks a class of actors and gives it its name on the wire. Mistakes are reported together when a runtime starts. */
export function Actor(options: ActorOptions): ClassDecorator {
  refuseBare('@Actor', 'class', arguments);
  return (type, ...context: readonly unknown[]) => {
    requireExperimentalDecorators('@Actor', context[0]);
    noteActor(type, options);
  };
}

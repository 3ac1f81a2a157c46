import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteActor } from '../lib/metadata/metadata-store';

/**
 * Marks a class whose objects live in a process of yours, a client most often, and are called by actors: its handlers are
 * what actors may call. `runtime.observe` makes a reference to such an object, which is passed to actors.
 */
export function Observer(options: {
  /** The name of the class on the wire. */ readonly name: string;
  /** How many calls may wait for one object. Default: 1,000. */ readonly mailboxCapacity?: number;
}): ClassDecorator {
  refuseBare('@Observer', 'class', arguments);
  return (type, ...context: readonly unknown[]) => {
    requireExperimentalDecorators('@Observer', context[0]);
    noteActor(type, { ...options, observes: true });
  };
}

import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteInvariant, type InvariantOptions } from '../lib/metadata/simulation-record';

/**
 * Marks a method that throws when something is wrong, at once: it is not asynchronous. It is given a view of the cluster after
 * every event, or after events of the given names only, which is faster. Subclasses have it too.
 */
export function Invariant(options: InvariantOptions = {}): MethodDecorator {
  refuseBare('@Invariant', 'member', arguments);
  return (target, method) => {
    requireExperimentalDecorators('@Invariant', method);
    const isStaticMember = typeof target === 'function';
    noteInvariant(isStaticMember ? target : target.constructor, { method: String(method), isStaticMember, options });
  };
}

import { noteInvariant } from '../lib/metadata/simulation-record';

/**
 * Marks a method that throws when something is wrong. It is given a view of the cluster after every event, or after
 * events of the given names only, which is faster.
 */
export function Invariant(options: { readonly after?: readonly string[] } = {}): MethodDecorator {
  return (target, method) => {
    const isStatic = typeof target === 'function';
    noteInvariant(isStatic ? target : target.constructor, { method: String(method), isStatic, after: options.after });
  };
}

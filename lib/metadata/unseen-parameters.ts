import type { ActorDescriptor } from './actor-descriptor';

/** How many are named. */
const MAX_NAMED = 20;

/**
 * The parameters of which the compiler tells no class, in one sentence for the log: unions, interfaces, references, what is in lists.
 * Undefined when there are none.
 */
export function unseenParameters(descriptors: Iterable<ActorDescriptor>): string | undefined {
  const names: string[] = [];
  for (const { name, handlers } of descriptors) {
    for (const { method, parameters } of handlers.values()) {
      parameters.forEach(({ kind }, index) => kind === 'unseen' && names.push(`${name}.${method}(${index + 1})`));
    }
  }
  if (names.length === 0) return undefined;
  const list =
    names.length > MAX_NAMED
      ? `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more`
      : names.join(', ');
  return `the compiler does not tell what these parameters are, so that nothing checks them: ${list}; name their classes by @Handler({ accepts }), or say that it is meant so, accepts: unchecked`;
}

import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import type { ActorKey } from '../identity/actor-key';
import type { ActorDescriptor } from './actor-descriptor';

/** What of an actor class decides whether its actors have keys. */
type KeyedClass = Pick<ActorDescriptor, 'name' | 'addressing' | 'type'>;

/**
 * The key that stood behind the class where a reference was asked for; undefined for a static actor.
 * @param keys what was given: a key that is undefined is not the same as none, for it was meant to be one.
 * @throws MoonpoolError INVALID_ACTOR_ID
 */
export function keyGiven(
  { type, name, addressing: { hasKey } }: KeyedClass,
  keys: readonly unknown[],
): ActorKey | undefined {
  if (keys.length === 0) {
    if (!hasKey) return undefined;
    throw new MoonpoolError('INVALID_ACTOR_ID', {
      message: `A reference to an actor of ${type.name} was asked for without a key`,
      remedy: `Give the key as the second argument; or, if each node is to have one such actor without a key, declare the class with @Actor({ name: '${name}', static: true }).`,
    });
  }
  const [key] = keys;
  if (key === undefined || key === null) {
    throw new MoonpoolError('INVALID_ACTOR_ID', {
      message: `The key of an actor of ${type.name} is ${key}`,
      remedy: hasKey
        ? 'Look where the key comes from: a field that is missing must not lead to an actor that others share.'
        : `${type.name} is static: write actor(${type.name}) with one argument.`,
    });
  }
  if (!hasKey)
    throw new MoonpoolError('INVALID_ACTOR_ID', {
      message: `A key was given for an actor of ${type.name}, of which each node has one without a key`,
      remedy: WITHOUT_STATIC,
    });
  return key as ActorKey;
}

/** What is wrong with an id that came from elsewhere, as a part of a sentence; undefined when it is of the kind of its class. */
export function kindMistake({ addressing: { hasKey }, name }: KeyedClass, id: ActorId): string | undefined {
  if (hasKey === id.hasKey) return undefined;
  return hasKey
    ? `an actor of '${name}' has a key, and none was given`
    : `the actors of '${name}' are static and have no keys`;
}

const WITHOUT_STATIC = 'Leave the key out, and name the node with $on(address); or declare the class without `static`.';

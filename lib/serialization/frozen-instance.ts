/**
 * Whether a constructor leaves something of its instances that cannot be set: it has frozen or sealed them, as those of value objects often do, or has defined properties that
 * cannot be written.
 */
export function isFrozenInPart(made: object): boolean {
  return !Object.isExtensible(made) || Object.values(Object.getOwnPropertyDescriptors(made)).some(cannotBeSet);
}

/** As {@link made}, and every field of it may be set. What it computes by a getter of its own stays as it is. */
export function thawed<T extends object>(made: T): T {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(made)).map(([key, descriptor]) => [
    key,
    'value' in descriptor ? { ...descriptor, writable: true, configurable: true } : descriptor,
  ]);
  return Object.create(Object.getPrototypeOf(made) as object, Object.fromEntries(descriptors)) as T;
}

/** Freezes of the instance what is frozen of {@link made}. */
export function freezeAs<T extends object>(made: T, instance: T): T {
  for (const [key, { writable, configurable = true }] of Object.entries(Object.getOwnPropertyDescriptors(made)))
    if (writable === false) Object.defineProperty(instance, key, { writable, configurable });
  if (Object.isFrozen(made)) return Object.freeze(instance);
  if (Object.isSealed(made)) return Object.seal(instance);
  return Object.isExtensible(made) ? instance : Object.preventExtensions(instance);
}

/** Of an own property: its instance computes it. */
export function isComputed(instance: object, key: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(instance, key);
  return descriptor?.get !== undefined && descriptor.set === undefined;
}

function cannotBeSet({ get, set, writable }: PropertyDescriptor): boolean {
  return (get !== undefined && set === undefined) || writable === false;
}

import { freezeDeep, isolate } from '../serialization/value-isolation';

/** What is said about a request beside its arguments, by name: who asks, which trace it belongs to. Never changed once made. */
export type ContextValues = Readonly<Record<string, unknown>>;

/** What was said, and what is said now, which wins. @throws MoonpoolError UNSERIALIZABLE_VALUE */
export function withValues(before: ContextValues | undefined, said: Readonly<Record<string, unknown>>): ContextValues {
  return freezeDeep({ ...before, ...(isolate(said) as Record<string, unknown>) });
}

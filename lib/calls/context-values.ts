import { MoonpoolError } from '../errors/moonpool-error';
import { isolated, uncarried } from '../serialization/uncarried-value';
import { freezeDeep } from '../serialization/frozen-value';

/** What is said about a request beside its arguments, by name: who asks, which trace it belongs to. Never changed once made. */
export type ContextValues = Readonly<Record<string, unknown>>;

/** How large everything may be that is said about a request, in bytes: half of what a header may hold, so that its chain has room too. */
export const MAX_CONTEXT_BYTES = 4_096;

/** What was said, and what is said now, which wins. @throws MoonpoolError UNSERIALIZABLE_VALUE, HEADER_TOO_LARGE */
export function withValues(before: ContextValues | undefined, said: Readonly<Record<string, unknown>>): ContextValues {
  const values = freezeDeep({ ...before, ...isolateSaid(said) });
  // Here and not where it is sent, for the next call may stay on this node, and the one after it may not.
  const bytes = sizeOf(values);
  if (bytes <= MAX_CONTEXT_BYTES) return values;
  const names = Object.keys(values).join(', ');
  throw new MoonpoolError('HEADER_TOO_LARGE', {
    message: `The request context has ${bytes} bytes, in ${names}; the limit is ${MAX_CONTEXT_BYTES}`,
  });
}

function isolateSaid(said: Readonly<Record<string, unknown>>): ContextValues {
  try {
    return isolated(said) as ContextValues;
  } catch (error) {
    throw uncarried('The request context', said, error, isolated);
  }
}

/** About as many bytes as the value has when it travels. What was isolated has no cycles. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2;
  if (typeof value === 'bigint') return value.toString().length + 8;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value)) return Math.ceil((value.byteLength * 4) / 3) + 16;
  if (Array.isArray(value) || value instanceof Set) return sizeOfAll(value, 8);
  if (value instanceof Map) return sizeOfAll([...value].flat(), 16);
  return sizeOfAll(Object.entries(value).flat(), 16);
}

function sizeOfAll(values: Iterable<unknown>, own: number): number {
  let bytes = own;
  for (const value of values) bytes += sizeOf(value) + 1;
  return bytes;
}

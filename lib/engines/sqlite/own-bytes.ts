/**
 * The value with bytes of its own wherever it holds some: a view would be sent to the thread with the whole buffer behind it, which may be a pool
 * that many share. For what contracts of stores are asked: plain objects and lists of them.
 */
export function withOwnBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(withOwnBytes);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) copy[name] = withOwnBytes(field);
  return copy;
}

/**
 * A text that two values share exactly when they are equal as data: to compare results, and to know a state again. Keys of
 * objects and entries of maps and sets count without their order.
 */
export function canonicalText(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (ArrayBuffer.isView(value))
    return `Bytes(${Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).join(',')})`;
  if (value instanceof Set) return `Set(${[...value].map(canonicalText).sort().join(',')})`;
  const entries =
    value instanceof Map
      ? [...value].map(([key, item]) => [canonicalText(key), item] as const)
      : Object.entries(value).map(([key, item]) => [JSON.stringify(key), item] as const);
  const texts = entries.filter(([, item]) => item !== undefined).map(([key, item]) => `${key}:${canonicalText(item)}`);
  return `${value instanceof Map ? 'Map' : ''}{${texts.sort().join(',')}}`;
}

/** What a request holds, none of which may be what it should be. */
export function fieldsOf<T>(value: unknown): Partial<T> {
  return typeof value === 'object' && value !== null ? (value as Partial<T>) : {};
}

/** Whether it may be a path, an id or a name. */
export function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

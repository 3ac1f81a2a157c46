/** A function that loads something at its first call and gives the same thing back from then on. */
export function loadOnce<T>(load: () => T): () => T {
  let loaded: { readonly value: T } | undefined;
  return () => {
    loaded ??= { value: load() };
    return loaded.value;
  };
}

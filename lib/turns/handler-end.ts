/** What a handler has come to: what it gave, or what it threw. */
export type HandlerEnd = { readonly value: unknown } | { readonly error: unknown };

/** A piece of a stream, its end, or the news that it is broken. */
export type StreamItem = { readonly kind: 'data'; readonly bytes: Uint8Array } | { readonly kind: 'end' } | { readonly kind: 'reset' };

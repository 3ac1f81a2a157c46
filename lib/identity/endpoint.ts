import type { Uid } from './uid';

/** Where requests of one kind are taken: an address, and a token that is known there. */
export interface Endpoint {
  /** `host:port` or `unix:/path`. */
  readonly address: string;
  readonly token: Uid;
}

/** `token at address`, for messages. */
export function describeEndpoint({ address, token }: Endpoint): string {
  return `${token.toString()} at ${address}`;
}

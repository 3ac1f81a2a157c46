import { anyOf, mandatory } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import { parseAddress } from './network-address';
import type { Uid } from './uid';

/** Where requests of one kind are taken: an address, and a token that is known there. */
export interface Endpoint {
  /** `host:port` or `unix:/path`. */
  readonly address: string;
  readonly token: Uid;
}

/** An endpoint that errors call by its name in the code, for a token means nothing to people. */
export interface NamedEndpoint extends Endpoint {
  readonly name: string;
}

/** `name at address`, or `token at address`, for messages. */
export function describeEndpoint({ address, token, name }: Endpoint & Partial<NamedEndpoint>): string {
  return `${typeof name === 'string' ? name : token.toString()} at ${address}`;
}

const WORDS = ['firstLow', 'firstHigh', 'secondLow', 'secondHigh'] as const;

/** Asked for each request: what is not looked at here would be found in the midst of a packet. */
function isToken(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const word of WORDS) if (!Number.isInteger((value as Partial<Uid>)[word])) return false;
  return true;
}

/** The tokens of fixed endpoints, for tables of options. */
export const endpointToken = mandatory(anyOf('a Uid', isToken));

/** @param door for messages: what was called. @throws MoonpoolError INVALID_ADDRESS, INVALID_OPTION */
export function checkEndpoint(door: string, endpoint: Endpoint): void {
  const { address, token } = (endpoint as Partial<Endpoint> | null | undefined) ?? {};
  if (!isToken(token)) checkArguments(door, { 'endpoint.token': [endpointToken, token] });
  if (typeof address !== 'string') parseAddress(address as never);
}

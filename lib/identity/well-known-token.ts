import { Uid } from './uid';

/** How many well-known tokens there are; their endpoints are served from an array. */
export const WELL_KNOWN_TOKEN_COUNT = 64;

/** Numbers of the endpoints that every node has. 0 to 2 are fixed by the protocol's ancestor, 3 to 63 are ours. */
export const WellKnownToken = {
  endpointNotFound: 0,
  ping: 1,
  unauthorized: 2,
  hello: 3,
  actorMessage: 4,
  reply: 5,
  reliable: 6,
  acknowledge: 7,
  proof: 8,
  farewell: 9,
} as const;

/** A token whose first half is all ones, and whose second half is the number. */
export function wellKnownToken(number: number): Uid {
  return new Uid(0xffff_ffff, 0xffff_ffff, number, 0);
}

/** The number of a well-known token, or -1 for any other token. */
export function wellKnownNumber(token: Uid): number {
  const isWellKnown =
    token.firstLow === 0xffff_ffff &&
    token.firstHigh === 0xffff_ffff &&
    token.secondHigh === 0 &&
    token.secondLow < WELL_KNOWN_TOKEN_COUNT;
  return isWellKnown ? token.secondLow : -1;
}

/** The versions of the protocol that a process speaks, both ends included. */
export interface ProtocolRange {
  readonly oldest: number;
  readonly newest: number;
}

/**
 * What this release speaks: 3, in which greetings and headers can say more than the other side knows, and 2, that of Moonpool 0.1.0, by the
 * adapters `protocol-2-greeting` and `protocol-2-messages`.
 */
export const PROTOCOLS: ProtocolRange = { oldest: 2, newest: 3 };

/**
 * What this release can do beside what its newest version of the protocol asks for, by name; each side learns it from the other's greeting.
 * `endpoints`: requests to fixed endpoints are answered, also those that nobody serves.
 */
export const FEATURES = ['endpoints'] as const;

/** A name of {@link FEATURES}. */
export type Feature = (typeof FEATURES)[number];

/** The newest version that both speak; undefined when there is none. */
export function newestCommon(one: ProtocolRange, other: ProtocolRange): number | undefined {
  const newest = Math.min(one.newest, other.newest);
  return newest >= Math.max(one.oldest, other.oldest) ? newest : undefined;
}

/** `version 2` or `versions 2 to 3`, for messages. */
export function describeProtocols({ oldest, newest }: ProtocolRange): string {
  return oldest === newest ? `version ${newest}` : `versions ${oldest} to ${newest}`;
}

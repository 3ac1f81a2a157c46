import type { HostProvider } from '../providers/host-provider';
import type { RandomProvider } from '../providers/random-provider';

/** More of a host name is not taken into the name of a process. */
const MAX_HOST_LENGTH = 64;

/**
 * A name for a process that was given none: the name of its host, for people, and a random number, so that two processes never
 * have one name. It is made before the process listens, for its address may be known only then.
 */
export function makeName({ identity }: HostProvider, random: RandomProvider): string {
  const host = identity.host.replace(/[^0-9A-Za-z._-]/g, '-').slice(0, MAX_HOST_LENGTH) || 'node';
  return `${host}-${random.uint32().toString(16).padStart(8, '0')}`;
}

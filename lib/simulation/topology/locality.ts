/** Where a host stands. Hosts that share a name share the place. */
export interface Locality {
  /** The physical machine; processes of one machine may be hosts of their own. */
  readonly machine: string;
  readonly zone: string;
  readonly datacenter: string;
}

/** How far two hosts are from each other. */
export type Distance = 'machine' | 'zone' | 'datacenter' | 'across';

/** How far two places are from each other. A name means something within the larger place only. */
export function distanceBetween(a: Locality, b: Locality): Distance {
  if (a.datacenter !== b.datacenter) return 'across';
  if (a.zone !== b.zone) return 'datacenter';
  return a.machine === b.machine ? 'machine' : 'zone';
}

/** The names of the places around a host, the largest first. */
export function placesOf(locality: Locality | undefined): readonly string[] {
  return locality === undefined ? [] : [locality.datacenter, locality.zone, locality.machine];
}

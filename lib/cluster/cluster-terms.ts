import { describeProtocols, newestCommon, type ProtocolRange } from '../handshake/protocol';
import { token } from '../injection/token';

/**
 * What all nodes of a cluster must have in common. A node that differs would join through the store and then refuse, or be refused by,
 * all others: every actor that is placed on it would be lost to them.
 */
export interface ClusterTerms {
  /** How long its lease lasts, in milliseconds: how others reckon when it is surely dead. */
  readonly leaseTtlMs: number;
  /** The oldest version of the protocol that it speaks; 0.1.0 takes it for the only one. */
  readonly protocol: number;
  /** The newest; left out by 0.1.0, which speaks one alone. */
  readonly newestProtocol?: number;
  /** The media type of the values that it sends and stores. */
  readonly values: string;
  readonly usesTls: boolean;
  /** Where its directory is kept; left out where that is the store. Registrations of one kind mean nothing to the other. */
  readonly directory?: 'partitioned';
  /** Fingerprints of the cluster secrets that it takes; the first is the one that it proves. Empty without a secret. */
  readonly secrets: readonly string[];
}
export const ClusterTerms = token<ClusterTerms>('ClusterTerms');

/** In what two nodes differ that must not, as a clause for messages; undefined when they agree. */
export function disagreement(other: ClusterTerms, own: ClusterTerms): string | undefined {
  const differences = [
    ...(other.leaseTtlMs === own.leaseTtlMs
      ? []
      : [`its lease lasts ${other.leaseTtlMs} ms, that of this node ${own.leaseTtlMs} ms (lease.ttlMs)`]),
    ...differenceOfProtocols(rangeOf(other), rangeOf(own)),
    ...(other.values === own.values
      ? []
      : [`its values travel as ${other.values}, those of this node as ${own.values} (the serializer)`]),
    ...(other.usesTls === own.usesTls
      ? []
      : [
          `it ${other.usesTls ? 'uses' : 'does not use'} TLS, this node ${own.usesTls ? 'does' : 'does not'} (security.tls)`,
        ]),
    ...(other.directory === own.directory
      ? []
      : [
          `its directory is ${describeDirectory(other)}, that of this node ${describeDirectory(own)} (partitionedDirectory)`,
        ]),
    ...differenceOfSecrets(other.secrets, own.secrets),
  ];
  return differences.length === 0 ? undefined : differences.join('; ');
}

function describeDirectory({ directory }: ClusterTerms): string {
  return directory === 'partitioned' ? 'partitioned among the nodes' : 'kept in the store';
}

function rangeOf({ protocol, newestProtocol = protocol }: ClusterTerms): ProtocolRange {
  return { oldest: protocol, newest: newestProtocol };
}

function differenceOfProtocols(other: ProtocolRange, own: ProtocolRange): readonly string[] {
  if (newestCommon(other, own) !== undefined) return [];
  return [`it speaks ${describeProtocols(other)} of the protocol, this node ${describeProtocols(own)}`];
}

/** Whoever dials proves its first secret, and whoever accepts takes any of its own: so each must know the first of the other. */
function differenceOfSecrets(other: readonly string[], own: readonly string[]): readonly string[] {
  if (other.length === 0 && own.length === 0) return [];
  if (other.length === 0) return ['it has no cluster secret, this node has one (security.clusterSecret)'];
  if (own.length === 0) return ['it has a cluster secret, this node has none (security.clusterSecret)'];
  const areShared = own.includes(other[0] as string) && other.includes(own[0] as string);
  return areShared ? [] : ['its cluster secret is another one than that of this node (security.clusterSecret)'];
}

import { ActivationTable } from '../activation/activation-table';
import { Buggify } from '../chaos/buggify';
import { ClusterTerms } from '../cluster/cluster-terms';
import { hostedVersions } from '../cluster/hosted-versions';
import { NodeLabels } from '../cluster/labels';
import { Lease } from '../cluster/lease';
import { LeaseOptions } from '../cluster/lease-options';
import { Membership } from '../cluster/membership';
import { MemberPolicy } from '../cluster/member-policy';
import { MembershipStore } from '../cluster/membership-store';
import { MemberLoad } from '../cluster/member-load';
import { PeerProbes } from '../cluster/peer-probes';
import { Reach } from '../cluster/reach';
import { ViewRefresher } from '../cluster/view-refresher';
import { DirectoryKind } from '../directory/directory-kind';
import { ClusterSecret } from '../handshake/cluster-secret';
import { PROTOCOLS } from '../handshake/protocol';
import { LocalNode } from '../identity/local-node';
import { SecurityOptions } from '../handshake/security-options';
import type { Bind } from '../injection/container-module';
import { KnownActors } from '../metadata/actor-descriptor';
import { EventLog } from '../observability/event-log';
import { Logger } from '../observability/logger';
import { HostProvider } from '../providers/host-provider';
import { NetworkProvider } from '../providers/network-provider';
import { TimeProvider } from '../providers/time-provider';
import { Serializer } from '../serialization/serializer';
import { NodeEndpoints } from '../services/node-endpoints';
import { GreetingPolicy } from '../transport/greeting-policy';
import { Transport } from '../transport/transport';

/** The place of a process in its cluster. */
export function bindCluster(bind: Bind): void {
  bind(Lease).toFactory({ time: TimeProvider, options: LeaseOptions, local: LocalNode }, ({ time, options, local }) => {
    const lease = new Lease(time, options.ttlMs);
    // A client hosts nothing that could be elsewhere at the same time; its observers are its own.
    if (local.role === 'client') lease.neverEnds();
    return lease;
  });
  bind(ClusterTerms).toFactory(
    {
      local: LocalNode,
      lease: LeaseOptions,
      serializer: Serializer,
      security: SecurityOptions,
      directory: DirectoryKind,
    },
    ({ local, lease, serializer, directory, security: { clusterSecret, tls } }) => ({
      ...(directory === 'partitioned' ? { directory } : {}),
      leaseTtlMs: lease.ttlMs,
      protocol: PROTOCOLS.oldest,
      newestProtocol: PROTOCOLS.newest,
      values: serializer.contentType,
      usesTls: tls !== undefined,
      secrets: clusterSecret === undefined ? [] : new ClusterSecret(clusterSecret).fingerprints(local.cluster),
    }),
  );
  bind(DirectoryKind).toValue('stored');
  bind(ActivationTable).toFactory([], () => new ActivationTable());
  bind(MemberLoad).toFactory([ActivationTable], (activations) => new MemberLoad(() => activations.size));
  bind(Membership).toFactory(
    {
      local: LocalNode,
      store: MembershipStore,
      lease: Lease,
      options: LeaseOptions,
      time: TimeProvider,
      buggify: Buggify,
      events: EventLog,
      logger: Logger,
      terms: ClusterTerms,
      known: KnownActors,
      labels: NodeLabels,
      host: HostProvider,
      network: NetworkProvider,
      // It starts after the transport: a node joins with the address that it listens on.
      transport: Transport,
      policy: GreetingPolicy,
      load: MemberLoad,
      reach: Reach,
    },
    ({ known, policy, ...parts }) => {
      const hosted = [...known.values()].filter(({ addressing }) => addressing.isHosted);
      const actorTypes = hosted.map(({ name }) => name);
      const actorVersions = hostedVersions(hosted);
      const membership = new Membership({ ...parts, actorTypes, actorVersions });
      policy.connect(new MemberPolicy(membership));
      return membership;
    },
  );
  bind(Reach).toFactory([TimeProvider, LeaseOptions], (time, { isolationMs }) => new Reach(time, isolationMs));
  bind(PeerProbes).toParts(
    {
      membership: Membership,
      endpoints: NodeEndpoints,
      local: LocalNode,
      time: TimeProvider,
      reach: Reach,
    },
    PeerProbes,
  );
  bind(ViewRefresher).toFactory(
    [Membership, Transport, LocalNode, MembershipStore],
    (membership, transport, local, store) => new ViewRefresher(membership, transport, local, store),
  );
}

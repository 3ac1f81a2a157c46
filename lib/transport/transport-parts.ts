import type { Buggify } from '../chaos/buggify';
import type { ProtocolAdapters } from '../connection/protocol-adapter';
import type { TransportOptions } from '../connection/transport-options';
import type { LocalNode } from '../identity/local-node';
import type { SecurityOptions } from '../handshake/security-options';
import type { NetworkAddress } from '../identity/network-address';
import type { Logger } from '../observability/logger';
import type { RefusalLog } from '../observability/refusal-log';
import type { NetworkProvider } from '../providers/network-provider';
import type { RandomProvider } from '../providers/random-provider';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { GreetingJudge } from './greeting-policy';

/** What the transport needs from its node. */
export interface TransportParts {
  readonly local: LocalNode;
  /** Where to listen; undefined for a client. */
  readonly listen: NetworkAddress | undefined;
  /** Where others reach this node: a host, or a host and a port. Undefined: where it listens. */
  readonly advertise?: string | undefined;
  readonly options: TransportOptions;
  readonly security: SecurityOptions;
  /** What is spoken with processes of earlier versions of the protocol. */
  readonly adapters: ProtocolAdapters;
  /** Decides who is welcome. */
  readonly policy: GreetingJudge;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly network: NetworkProvider;
  readonly random: RandomProvider;
  readonly buggify: Buggify;
  readonly logger: Logger;
  /** Learns what was refused. */
  readonly refusals: RefusalLog;
}

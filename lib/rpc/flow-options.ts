import { TRANSPORT_OPTIONS, type TransportOptions } from '../connection/transport-options';
import { MAX_NAME_BYTES } from '../identity/local-node';
import { SECURITY_OPTIONS, type SecurityOptions } from '../handshake/security-options';
import { parseAddress } from '../identity/network-address';
import { containerModule, type ContainerModule } from '../injection/container-module';
import { anything, checkedBy, count, label, list } from '../options/option-kind';
import { group, optionTable } from '../options/option-table';

/** What a process that only asks is given. */
export interface FlowOpenOptions {
  /** Only processes of one network talk to each other. Default: `moonpool-rpc`. */
  readonly network?: string;
  /** The name of this process, for messages and for `admits` of endpoints. Default: `caller`. */
  readonly name?: string;
  /**
   * Container modules; later ones win. They come after the defaults: the providers of Node.js, and JSON. A serializer
   * of one's own is a module that binds `Serializer`; both sides must have the same one.
   */
  readonly modules?: readonly ContainerModule[];
  /** Limits and intervals of connections. */
  readonly transport?: Partial<TransportOptions>;
  /** Whom this process lets in: cluster secret and TLS. */
  readonly security?: SecurityOptions;
  /** How many requests may wait for their answers; more fail with TOO_MANY_PENDING_CALLS. Default: 100,000. */
  readonly maxPendingRequests?: number;
}

/** What a process that serves is given. */
export interface FlowListenOptions extends FlowOpenOptions {
  /** The name of this process. Default: the name of the machine and a random number. */
  readonly name?: string;
  /** Where to listen: `host:port` (port 0 takes a free one) or `unix:/path`. Default: `127.0.0.1:0`. */
  readonly listen?: string;
  /** Where others reach this process, when that is not where it listens: a host, or `host:port`. Default: where it listens. */
  readonly advertise?: string;
}

export const DEFAULT_LISTEN = '127.0.0.1:0';
export const DEFAULT_NETWORK = 'moonpool-rpc';
export const DEFAULT_MAX_PENDING_REQUESTS = 100_000;

/** One table for those that serve and those that only ask: what is for the former only the latter leave alone, so that both may be given one object. */
export const FLOW_OPTIONS = optionTable<FlowListenOptions>({
  network: label(MAX_NAME_BYTES),
  name: label(MAX_NAME_BYTES),
  modules: list('a list of container modules', containerModule),
  transport: group(TRANSPORT_OPTIONS),
  security: group(SECURITY_OPTIONS),
  maxPendingRequests: count(1),
  listen: checkedBy('an address', (value) => void parseAddress(value as string)),
  // What it says is looked at with the address that is listened on.
  advertise: anything,
});

import type { NodeId } from '../identity/node-id';
import type { NodeRole } from '../handshake/local-node';

/** Who sends a request, as its process said when it connected. */
export interface RpcCaller {
  /** `node` when it listens itself, `client` when it only asks. */
  readonly role: NodeRole;
  readonly node: NodeId;
  /** Where it listens; the empty string when it does not. */
  readonly address: string;
}

/** How an endpoint is served. */
export interface EndpointOptions {
  /** How many requests may be unanswered; more are refused with REQUEST_STREAM_FULL. Default: 1,000. */
  readonly capacity?: number;
  /** Whether a caller may ask; others get ENDPOINT_FORBIDDEN. Default: everybody who could connect may. */
  readonly admits?: (caller: RpcCaller) => boolean;
}

export const DEFAULT_ENDPOINT_CAPACITY = 1_000;

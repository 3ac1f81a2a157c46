import { callback, count, text } from '../options/option-kind';
import { optionTable, type OptionRules } from '../options/option-table';
import type { NodeId } from '../identity/node-id';
import type { ProcessRole } from '../identity/local-node';

/** Who sends a request, as its process said when it connected. */
export interface RpcCaller {
  /** `node` when it listens itself, `client` when it only asks, `operator` when it is `moonpool inspect`. */
  readonly role: ProcessRole;
  readonly node: NodeId;
  /** Where it listens; the empty string when it does not. */
  readonly address: string;
}

/** How an endpoint is served. */
export interface EndpointOptions {
  /** How many requests may be unanswered; more are refused with REQUEST_STREAM_FULL. Default: 1,000. */
  readonly capacity?: number;
  /** Whether a caller may ask; others get ENDPOINT_FORBIDDEN. One that throws, or answers with a promise, lets nobody in. Default: everybody who could connect may. */
  readonly admits?: (caller: RpcCaller) => boolean;
}

/** What a stream of requests is given beside the options of its endpoint. */
export interface StreamOptions<Request> {
  /** For messages. Default: its token. */
  readonly name?: string;
  /** Makes the request of what was sent, or throws what the caller then gets. Default: anything is taken as it is. */
  readonly accept?: (value: unknown) => Request;
}

export const DEFAULT_ENDPOINT_CAPACITY = 1_000;

const OF_ENDPOINTS: OptionRules<EndpointOptions> = {
  capacity: count(1),
  admits: callback('a function (caller) => boolean'),
};

export const ENDPOINT_OPTIONS = optionTable<EndpointOptions>(OF_ENDPOINTS);

export const STREAM_OPTIONS = optionTable<EndpointOptions & StreamOptions<unknown>>({
  ...OF_ENDPOINTS,
  name: text('a text that is not empty'),
  accept: callback('a function (value) => request'),
});

import 'reflect-metadata';

export { RpcInterface } from './decorators/rpc-interface';
export { RpcMethod } from './decorators/rpc-method';
export type { Endpoint } from './lib/identity/endpoint';
export { Uid } from './lib/identity/uid';
export { wellKnownToken } from './lib/identity/well-known-token';
export type { RpcInterfaceOptions, RpcMethodOptions } from './lib/metadata/rpc-record';
export type { EndpointOptions, RpcCaller, StreamOptions } from './lib/rpc/endpoint-options';
export type { FlowListenOptions, FlowOpenOptions } from './lib/rpc/flow-options';
export { NodeServices, type NodeService } from './lib/services/node-service';
export type { ProbeAnswer } from './lib/services/probe-service';
export { FlowTransport } from './lib/rpc/flow-transport';
export type { ReplyPromise } from './lib/rpc/reply-promise';
export type { Served } from './lib/rpc/served-interface';
export type { RequestOptions } from './lib/rpc/request-options';
export type { IncomingRequest, RequestStream } from './lib/rpc/request-stream';
export type { RpcClass, RpcClient, RpcClientControls, RpcMethodName, RpcSends } from './lib/rpc/rpc-client';

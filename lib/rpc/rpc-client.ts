import { MoonpoolError } from '../errors/moonpool-error';
import type { Endpoint, NamedEndpoint } from '../identity/endpoint';
import type { Constructor } from '../injection/token';
import { acceptAnswer } from '../serialization/argument-check';
import { argumentForms } from '../serialization/argument-form';
import { given } from '../options/option-table';
import { REQUEST_OPTIONS, type RequestOptions } from './request-options';
import type { RpcDescriptor, RpcMethodDescriptor } from './rpc-descriptor';

/** A class with `@RpcInterface`. */
export type RpcClass<T extends object> = Constructor<T>;

/** The names of the methods that can be called from elsewhere: public and asynchronous, with one parameter at most. */
export type RpcMethodName<T> = {
  [K in keyof T]: T[K] extends (request: never) => Promise<unknown> ? K : never;
}[keyof T];

/** The methods of an interface as one-way sends: nothing comes back, not even an error of the handler. */
export type RpcSends<T> = {
  readonly [K in RpcMethodName<T>]: T[K] extends (...request: infer A) => Promise<unknown>
    ? (...request: A) => void
    : never;
};

/** The controls of a client; they stand behind `$` so that they never meet a method's name. */
export interface RpcClientControls<T> {
  /** Where the requests go. */
  readonly $address: string;
  /** The same interface, asked with these options. */
  $with(options: RequestOptions): RpcClient<T>;
  /**
   * The same methods, one-way: what is sent may be lost with its connection, and nobody is notified.
   * They throw NODE_UNREACHABLE and SEND_QUEUE_FULL when the request cannot even be taken.
   */
  readonly $send: RpcSends<T>;
}

/** A typed caller of an interface that is served at an address. Making one does no input or output; it is never thenable. */
export type RpcClient<T> = { readonly [K in RpcMethodName<T>]: T[K] } & RpcClientControls<T>;

/** What a client asks with. */
export interface Requester {
  request<Reply>(
    endpoint: Endpoint,
    request: unknown,
    options: RequestOptions,
    accept: (value: unknown) => Reply,
  ): Promise<Reply>;
  send(endpoint: Endpoint, request: unknown): void;
}

/** Makes a client from the table of the interface: its methods are those that were declared, and no others. */
export function makeClient<T extends object>(
  descriptor: RpcDescriptor,
  address: string,
  requester: Requester,
  options: RequestOptions = {},
): RpcClient<T> {
  const sends: Record<string, unknown> = {};
  const client: Record<string, unknown> = {
    $address: address,
    $with: (more: RequestOptions) => {
      REQUEST_OPTIONS.check('$with', more);
      return makeClient<T>(descriptor, address, requester, { ...options, ...given(more) });
    },
    $send: sends,
  };
  for (const method of descriptor.methods) {
    const endpoint: NamedEndpoint = { address, token: method.token, name: `${descriptor.name}.${method.method}` };
    const accept = acceptorOf(descriptor, method);
    const formOf = (request: readonly unknown[]): unknown => {
      if (request.slice(1).some((more) => more !== undefined)) throw tooMany(endpoint.name, request.length);
      return argumentForms(method, [request[0]])[0];
    };
    client[method.method] = async (...request: unknown[]) =>
      requester.request(endpoint, formOf(request), options, accept);
    sends[method.method] = (...request: unknown[]) => requester.send(endpoint, formOf(request));
  }
  for (const method of descriptor.unmarked) {
    const refusal = (): MoonpoolError => notMarked(method, descriptor);
    client[method] = () => Promise.reject(refusal());
    sends[method] = () => {
      throw refusal();
    };
  }
  return client as RpcClient<T>;
}

/** A request is one value: what was given beside it would be lost. */
function tooMany(name: string, count: number): MoonpoolError {
  return new MoonpoolError('INVALID_PAYLOAD', {
    message: `${name} was given ${count} arguments, and takes one at most`,
    executed: 'no',
    remedy: 'Put all that the method needs into one object.',
  });
}

function notMarked(method: string, { name, methods }: RpcDescriptor): MoonpoolError {
  return new MoonpoolError('UNKNOWN_HANDLER', {
    message: `The method ${method} of the interface ${name} is not marked with @RpcMethod, so that it cannot be called from elsewhere`,
    remedy: `Mark it with @RpcMethod(index), or call one of those that are: ${methods.map((known) => known.method).join(', ')}.`,
  });
}

function acceptorOf({ name }: RpcDescriptor, { method, answer }: RpcMethodDescriptor): (value: unknown) => unknown {
  return answer === undefined
    ? (value) => value
    : (value) => acceptAnswer(answer, value, () => `reply of ${name}.${method}`);
}

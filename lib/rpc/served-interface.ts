import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { isClass, type Constructor } from '../injection/token';
import { acceptArguments } from '../serialization/argument-check';
import { answerForm } from '../serialization/argument-form';
import { ENDPOINT_OPTIONS, type EndpointOptions } from './endpoint-options';
import type { IncomingRequests } from './incoming-requests';
import type { RequestStream } from './request-stream';
import { describeInterface } from './rpc-descriptor';

/** Something that is served until it is closed. */
export interface Served {
  /** Takes no more requests; those without an answer are broken. Does nothing when it was closed. */
  close(): void;
}

function noInstance(given: unknown): MoonpoolError {
  return new MoonpoolError('INVALID_RPC_INTERFACE', {
    message: `${describeValue(given)} was given where an object of a class with @RpcInterface is wanted`,
    remedy: isClass(given)
      ? `Make one: serve(new ${given.name}()).`
      : 'Give the object whose methods are to be called.',
  });
}

/**
 * Serves the methods of the instance, whose class has `@RpcInterface`. Requests run side by side, each in its own call;
 * what a method returns or throws is the answer.
 * @throws MoonpoolError INVALID_RPC_INTERFACE, INVALID_OPTION, ENDPOINT_IN_USE
 */
export function serveInterface(incoming: IncomingRequests, instance: object, options: EndpointOptions): Served {
  if (typeof instance !== 'object' || instance === null) throw noInstance(instance);
  const { name, methods } = describeInterface(instance.constructor as Constructor<object>);
  ENDPOINT_OPTIONS.check(`serve(${name})`, options);
  const streams: RequestStream<unknown, unknown>[] = [];
  const close = (): void => streams.forEach((stream) => stream.close());
  try {
    for (const method of methods) {
      const where = `${name}.${method.method}`;
      const owner = { describe: () => where };
      const accept = (value: unknown): unknown => acceptArguments(method, [value], owner)[0];
      const stream = incoming.serve<unknown, unknown>({ token: method.token, name: where, accept, options });
      streams.push(stream);
      stream.serve(async (request, reply) => reply.fulfil(answerForm(method, await method.invoke(instance, request))));
    }
  } catch (error) {
    close();
    throw error;
  }
  return { close };
}

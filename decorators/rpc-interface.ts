import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteRpcInterface, type RpcInterfaceOptions } from '../lib/metadata/rpc-record';

/**
 * Marks a class as an interface of fixed endpoints and gives it its number on the wire. Mistakes are reported together when
 * it is served or connected to.
 */
export function RpcInterface(options: RpcInterfaceOptions): ClassDecorator {
  refuseBare('@RpcInterface', 'class', arguments);
  return (type, ...context: readonly unknown[]) => {
    requireExperimentalDecorators('@RpcInterface', context[0]);
    noteRpcInterface(type, options);
  };
}

import { MsgpackrSerializer } from '../engines/msgpackr/msgpackr-serializer';
import type { ContainerModule } from '../injection/container-module';
import { keepsContract, Serializer } from '../serialization/serializer';

/**
 * Values travel and are stored as MessagePack in place of JSON. All nodes and clients of a cluster need it, and state that was
 * written by the one serializer is not read by the other. Needs the package `msgpackr`.
 */
export function msgpack(): ContainerModule {
  return {
    name: 'msgpack',
    load: (bind) => bind(Serializer).toFactory([], () => keepsContract(new MsgpackrSerializer())),
  };
}

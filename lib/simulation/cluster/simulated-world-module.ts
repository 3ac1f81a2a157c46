import { MembershipStore } from '../../cluster/membership-store';
import { ActorDirectory } from '../../directory/actor-directory';
import type { ContainerModule } from '../../injection/container-module';
import { EventLog } from '../../observability/event-log';
import { Logger } from '../../observability/logger';
import { StateStorage } from '../../persistence/state-storage';
import { NetworkProvider } from '../../providers/network-provider';
import { RandomProvider } from '../../providers/random-provider';
import { StorageDevice } from '../../providers/storage-device';
import { TaskProvider } from '../../providers/task-provider';
import { TimeProvider } from '../../providers/time-provider';
import type { NodeLife } from '../engine/node-life';
import type { World } from '../engine/world';
import type { NetworkFabric } from '../network/network-fabric';
import { SimulatedNetworkProvider } from '../network/simulated-network-provider';
import { SimulatedEventLog } from '../providers/simulated-event-log';
import { SimulatedLogger } from '../providers/simulated-logger';
import { SimulatedTaskProvider } from '../providers/simulated-task-provider';
import { SimulatedTimeProvider } from '../providers/simulated-time-provider';
import { Xoshiro } from '../random/xoshiro';
import type { SimulatedDisk } from '../storage/simulated-disk';
import { SimulatedStorageDevice } from '../storage/simulated-storage-device';
import type { SimulatedStore } from '../store/simulated-store';

/** The parts of a world that its nodes share. */
export interface SharedWorld {
  readonly world: World;
  readonly fabric: NetworkFabric;
  readonly store: SimulatedStore;
}

/** The simulated world as one life of a node is given it: listed last, so that it wins over the real one. */
export function simulatedWorld({ world, fabric, store }: SharedWorld, life: NodeLife, host: string, disk: SimulatedDisk): ContainerModule {
  return {
    name: 'simulated-world',
    load(bind) {
      bind(TimeProvider).toValue(new SimulatedTimeProvider(world, life));
      bind(TaskProvider).toValue(new SimulatedTaskProvider(world, life));
      bind(NetworkProvider).toValue(new SimulatedNetworkProvider(fabric, life, host));
      bind(RandomProvider).toValue(new Xoshiro(world.random.seedOf('node', life.toString())));
      bind(StorageDevice).toValue(new SimulatedStorageDevice(world, life, disk));
      bind(Logger).toValue(new SimulatedLogger(world, life));
      bind(EventLog).toValue(new SimulatedEventLog(world, life));
      bind(StateStorage).toValue(store.stateStorage(life, host));
      bind(MembershipStore).toValue(store.membershipStore(life, host));
      bind(ActorDirectory).toValue(store.actorDirectory(life, host));
    },
  };
}

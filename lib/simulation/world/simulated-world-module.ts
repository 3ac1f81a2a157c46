import { Buggify } from '../../chaos/buggify';
import { MembershipStore } from '../../cluster/membership-store';
import { ActorDirectory } from '../../directory/actor-directory';
import type { ContainerModule } from '../../injection/container-module';
import { EventLog } from '../../observability/event-log';
import { EventSinks, eventLogWith } from '../../observability/event-sink';
import { Logger } from '../../observability/logger';
import { StateStorage } from '../../storage/state-storage';
import { StorageTable } from '../../storage/storage-table';
import { HostProvider } from '../../providers/host-provider';
import { NetworkProvider } from '../../providers/network-provider';
import { RandomProvider } from '../../providers/random-provider';
import { StorageDevice } from '../../providers/storage-device';
import { TaskProvider } from '../../providers/task-provider';
import { ThreadProvider } from '../../providers/thread-provider';
import { TimeProvider } from '../../providers/time-provider';
import type { NodeLife } from '../timeline/node-life';
import { SimulatedNetworkProvider } from '../network/simulated-network-provider';
import { SimulatedEventLog } from '../providers/simulated-event-log';
import { SimulatedHostProvider } from '../providers/simulated-host-provider';
import { SimulatedLogger } from '../providers/simulated-logger';
import { SimulatedTaskProvider } from '../providers/simulated-task-provider';
import { SimulatedThreadProvider } from '../providers/simulated-thread-provider';
import { SimulatedTimeProvider } from '../providers/simulated-time-provider';
import { SimulatedStorageDevice } from '../disks/simulated-storage-device';
import type { SimulatedMachine } from './simulated-machine';
import type { SimulatedWorld } from './simulated-world';

/** The simulated world as one life of a machine is given it: listed last, so that it wins over the real one. */
export function simulatedWorldModule(
  world: SimulatedWorld,
  machine: SimulatedMachine,
  life: NodeLife,
): ContainerModule {
  const { engine, network, store, buggify, profile, slowSleeps } = world;
  const { clock, disk, sockets } = machine.parts;
  const logger = new SimulatedLogger(engine, life);
  const time = new SimulatedTimeProvider(engine, clock, life, profile.sleeps.probability > 0 ? slowSleeps : undefined);
  return {
    name: 'simulated-world',
    load(bind) {
      bind(TimeProvider).toValue(time);
      bind(ThreadProvider).toValue(
        new SimulatedThreadProvider(time, engine.rolls.sequence('blocking-jobs', life.toString()), buggify.of(life)),
      );
      bind(TaskProvider).toValue(new SimulatedTaskProvider(engine, life, logger));
      bind(NetworkProvider).toValue(new SimulatedNetworkProvider(network, sockets, life, profile.connections));
      bind(HostProvider).toValue(new SimulatedHostProvider(life, world.kernel));
      bind(RandomProvider).toValue(engine.rolls.stream('process', life.toString()));
      bind(StorageDevice).toValue(new SimulatedStorageDevice(disk, life));
      bind(Buggify).toValue(buggify.of(life));
      bind(Logger).toValue(logger);
      bind(EventLog).toFactory([EventSinks, Logger], (sinks, guarded) =>
        eventLogWith(new SimulatedEventLog(engine, life), sinks, guarded),
      );
      bind(StateStorage).toValue(store.stateStorage(life));
      // Whatever names the classes ask for.
      bind(StorageTable).toValue({ of: (name) => store.namedStorage(life, name) });
      bind(MembershipStore).toValue(store.membershipStore(life));
      bind(ActorDirectory).toValue(store.actorDirectory(life));
    },
  };
}

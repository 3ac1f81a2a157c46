import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';
import { DirectoryCluster } from '../directory/directory-cluster';
import { MemoryDirectory } from '../../lib/directory/memory-directory';
import type { NetworkAddress } from '../../lib/identity/network-address';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { NodeLogger } from '../../lib/providers/node/node-logger';
import { NodeNetworkProvider } from '../../lib/providers/node/node-network-provider';
import { NodeRandomProvider } from '../../lib/providers/node/node-random-provider';
import { NodeStorageDevice } from '../../lib/providers/node/node-storage-device';
import { NodeTaskProvider } from '../../lib/providers/node/node-task-provider';
import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { SimulatedNetworkProvider } from '../../lib/simulation/network/simulated-network-provider';
import { SimulatedLogger } from '../../lib/simulation/providers/simulated-logger';
import { SimulatedTaskProvider } from '../../lib/simulation/providers/simulated-task-provider';
import { SimulatedTimeProvider } from '../../lib/simulation/providers/simulated-time-provider';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { SimulatedStorageDevice } from '../../lib/simulation/disks/simulated-storage-device';
import type { TransportOptions } from '../../lib/connection/transport-options';
import { OpenSqlite } from '../engines/sqlite/sqlite-fixture';
import {
  actorDirectoryContract,
  describeContract,
  membershipStoreContract,
  stateStorageContract,
  storageDeviceContract,
  type ContractWorld,
} from 'moonpool/contracts';
import { describeNetworkProviderContract } from './network-provider';
import { describeRandomProviderContract } from './random-provider';
import { MsgpackrSerializer } from '../../lib/engines/msgpackr/msgpackr-serializer';
import { describeSerializerContract } from './serializer';
import { simulatedContractWorld, type SimulatedParts } from './simulated-contract-world';
import { describeTaskProviderContract } from './task-provider';
import { describeTimeProviderContract } from './time-provider';
import { describeTransportContract } from './transport';
import { transportMaker } from './transport-maker';

/** The real world: the body is awaited. */
function realWorld<T>(make: () => T): ContractWorld<T> {
  return {
    run: (body) => {
      const subject = make();
      return body(subject, async () => subject);
    },
  };
}

/** The real world with a folder that is removed afterwards. */
function withFolder<T>(
  make: (folder: string) => T | Promise<T>,
  end?: (subject: T) => Promise<void>,
): ContractWorld<T> {
  return {
    async run(body) {
      const folder = mkdtempSync(join(tmpdir(), 'moonpool-spec-'));
      const subject = await make(folder);
      try {
        await body(subject, async () => subject);
      } finally {
        await end?.(subject);
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Two that open one file are as two processes. */
function withSqlite<T>(make: (database: OpenSqlite) => T): ContractWorld<T> {
  return {
    run: (body) =>
      withFolder((folder) => folder).run(async (folder) => {
        const databases: OpenSqlite[] = [];
        const open = async (): Promise<T> => {
          const database = await OpenSqlite.open(join(folder, 'spec.db'));
          databases.push(database);
          return make(database);
        };
        try {
          await body(await open(), open);
        } finally {
          for (const database of databases) await database.close();
        }
      }),
  };
}

const networkOf = ({ world, machine, life }: SimulatedParts) =>
  new SimulatedNetworkProvider(world.network, machine.parts.sockets, life, world.profile.connections);
const timeOf = ({ engine, machine, life }: SimulatedParts) =>
  new SimulatedTimeProvider(engine, machine.parts.clock, life);

describe('Providers and stores, real and simulated', () => {
  describeTimeProviderContract(
    'NodeTimeProvider',
    realWorld(() => new NodeTimeProvider()),
  );
  describeTimeProviderContract('SimulatedTimeProvider', simulatedContractWorld(timeOf));

  describeTaskProviderContract(
    'NodeTaskProvider',
    realWorld(() => new NodeTaskProvider(new NodeLogger())),
  );
  describeTaskProviderContract(
    'SimulatedTaskProvider',
    simulatedContractWorld(
      ({ engine, life }) => new SimulatedTaskProvider(engine, life, new SimulatedLogger(engine, life)),
    ),
  );

  describeRandomProviderContract(
    'NodeRandomProvider',
    realWorld(() => new NodeRandomProvider()),
  );
  describeRandomProviderContract(
    'Xoshiro128',
    simulatedContractWorld(({ engine }) => new Xoshiro128(engine.seed)),
  );
  describeRandomProviderContract(
    'RollSequence',
    simulatedContractWorld(({ engine }) => engine.rolls.sequence('spec')),
  );

  describeContract(
    'NodeStorageDevice',
    storageDeviceContract,
    withFolder((folder) => new NodeStorageDevice(folder)),
  );
  describeContract(
    'SimulatedStorageDevice',
    storageDeviceContract,
    simulatedContractWorld(({ machine, life }) => new SimulatedStorageDevice(machine.parts.disk, life)),
  );

  describeNetworkProviderContract(
    'NodeNetworkProvider over TCP',
    realWorld(() => ({
      network: new NodeNetworkProvider(),
      time: new NodeTimeProvider(),
      address: () => ({ kind: 'tcp', host: '127.0.0.1', port: 0 }),
    })),
  );
  describeNetworkProviderContract(
    'NodeNetworkProvider over Unix sockets',
    withFolder((folder) => ({
      network: new NodeNetworkProvider(),
      time: new NodeTimeProvider(),
      address: () => ({ kind: 'unix', path: join(folder, 'socket') }),
    })),
  );
  describeNetworkProviderContract(
    'SimulatedNetworkProvider',
    simulatedContractWorld((parts) => ({
      network: networkOf(parts),
      time: timeOf(parts),
      address: () => ({ kind: 'tcp', host: '10.0.0.1', port: 0 }),
    })),
  );
  describeNetworkProviderContract(
    'SimulatedNetworkProvider over Unix sockets',
    simulatedContractWorld((parts) => ({
      network: networkOf(parts),
      time: timeOf(parts),
      address: () => ({ kind: 'unix', path: '/run/node.sock' }),
    })),
  );

  describeSerializerContract(
    'MsgpackrSerializer',
    realWorld(() => new MsgpackrSerializer()),
  );
  describeSerializerContract(
    'JsonSerializer',
    realWorld(() => new JsonSerializer()),
  );

  const realParts = () => ({
    network: new NodeNetworkProvider(),
    time: new NodeTimeProvider(),
    tasks: new NodeTaskProvider(new NodeLogger()),
    random: new NodeRandomProvider(),
  });
  const loopback: NetworkAddress = { kind: 'tcp', host: '127.0.0.1', port: 0 };
  describeTransportContract(
    'TCP',
    realWorld(() => transportMaker({ ...realParts(), link: 'tcp', addressOf: () => loopback })),
  );
  describeTransportContract(
    'Unix sockets',
    withFolder((folder) =>
      transportMaker({
        ...realParts(),
        link: 'unix',
        addressOf: (place) => ({ kind: 'unix', path: join(folder, place) }),
      }),
    ),
  );
  describeTransportContract(
    'Unix sockets beside TCP',
    withFolder((folder) =>
      transportMaker({
        ...realParts(),
        link: 'unix',
        addressOf: () => loopback,
        options: { localSocketFolder: folder },
      }),
    ),
  );
  describeTransportContract(
    'TCP where the folder of the sockets is absent',
    withFolder((folder) =>
      transportMaker({
        ...realParts(),
        link: 'tcp',
        addressOf: () => loopback,
        options: { localSocketFolder: join(folder, 'absent') },
      }),
    ),
  );
  const simulatedTransports = (options: Partial<TransportOptions>, link: 'tcp' | 'unix') =>
    simulatedContractWorld(
      (parts) =>
        transportMaker({
          network: networkOf(parts),
          time: timeOf(parts),
          tasks: new SimulatedTaskProvider(parts.engine, parts.life, new SimulatedLogger(parts.engine, parts.life)),
          random: new Xoshiro128(parts.engine.seed),
          link,
          addressOf: () => ({ kind: 'tcp', host: '10.0.0.1', port: 0 }),
          options,
        }),
      { seeds: 3 },
    );
  describeTransportContract('the simulated network', simulatedTransports({}, 'tcp'));
  describeTransportContract(
    'simulated Unix sockets beside TCP',
    simulatedTransports({ localSocketFolder: '/run/moonpool' }, 'unix'),
  );

  describeContract(
    'MemoryStorage',
    stateStorageContract,
    realWorld(() => new MemoryStorage(Date.now)),
  );
  describeContract(
    'SQLite',
    stateStorageContract,
    withSqlite(({ storage }) => storage),
  );
  describeContract(
    'SimulatedStore',
    stateStorageContract,
    simulatedContractWorld(({ world, life }) => world.store.stateStorage(life)),
  );

  describeContract(
    'MemoryMembershipStore',
    membershipStoreContract,
    realWorld(() => new MemoryMembershipStore()),
  );
  describeContract(
    'SQLite',
    membershipStoreContract,
    withSqlite((database) => database.membership()),
  );
  describeContract(
    'SimulatedStore',
    membershipStoreContract,
    simulatedContractWorld(({ world, life }) => world.store.membershipStore(life)),
  );

  describeContract(
    'MemoryDirectory',
    actorDirectoryContract,
    realWorld(() => new MemoryDirectory()),
  );
  describeContract(
    'SQLite',
    actorDirectoryContract,
    withSqlite(({ directory }) => directory),
  );
  describeContract('PartitionedDirectory', actorDirectoryContract, {
    run: async (body) => {
      const cluster = new DirectoryCluster();
      const [first, ...others] = [cluster.join(), cluster.join(), cluster.join()];
      await cluster.settle();
      let opened = 0;
      await body(first.directory, async () => (others[opened++ % others.length] ?? first).directory);
    },
  });
  describeContract(
    'SimulatedStore',
    actorDirectoryContract,
    simulatedContractWorld(({ world, life }) => world.store.actorDirectory(life)),
  );
});

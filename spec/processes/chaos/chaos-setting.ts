import { sqlite, type ConnectOptions, type ContainerModule } from 'moonpool';
import { postgres } from 'moonpool/postgres';
import { EventSinks, StateStorage } from 'moonpool/modules';
import { PostgresDatabase } from '../../../lib/engines/postgres/postgres-database';
import { SqliteConnection } from '../../../lib/engines/sqlite/sqlite-connection';
import { sqliteStateStorage } from '../../../lib/engines/sqlite/sqlite-stores';
import type { WitnessCapture } from '../../../lib/simulation/workloads/witness-capture';
import { acknowledgedEarly } from './careless-storage';
import { List, Register } from './chaos-actors';

/** Where a cluster keeps what is durable. */
export type ChaosStore =
  | { readonly engine: 'sqlite'; readonly file: string }
  | { readonly engine: 'postgres'; readonly connection: string };

/** What all processes of a campaign agree on: plain data, handed to each by its only argument. */
export interface ChaosSetting {
  readonly store: ChaosStore;
  readonly leaseMs: number;
  /** The shortest time that processes give a call, in milliseconds. Default: that of the asker. */
  readonly leastTimeoutMs?: number;
  /** Nodes acknowledge writes before they are durable: what a campaign that works must notice. */
  readonly isCareless: boolean;
  /** How often a call that was rejected is sent elsewhere. Default: that of Moonpool. */
  readonly maxForwards?: number;
}

/** The cluster of a campaign, by which greetings know each other. */
export const NAMESPACE = 'chaos';

/** Nodes with addresses of their own let in nobody without one. */
const SECRET = 'whoever knows this is of the campaign';

/** How many connections a process has to the server for states and directory: there are many processes. */
const POOL_SIZE = 4;

/** What nodes and clients are given alike. @param witnesses learns where the answers to the calls of this process come from. */
export function chaosParts(
  name: string,
  { store, leaseMs, isCareless, maxForwards }: ChaosSetting,
  witnesses: WitnessCapture,
): ConnectOptions & Required<Pick<ConnectOptions, 'security'>> {
  const listening: ContainerModule = {
    name: 'witnesses',
    load: (_bind, contribute) =>
      contribute(EventSinks, { record: (event, fields) => witnesses.observe(event, fields) }),
  };
  const engine =
    store.engine === 'sqlite'
      ? sqlite({ file: store.file })
      : postgres({ connection: store.connection, schema: NAMESPACE, poolSize: POOL_SIZE });
  return {
    namespace: NAMESPACE,
    name,
    actors: [List, Register],
    lease: { ttlMs: leaseMs },
    security: { clusterSecret: SECRET },
    ...(maxForwards === undefined ? {} : { messaging: { maxForwards } }),
    transport: { reconnectMaxMs: 500 },
    modules: [engine, listening, ...(isCareless ? [careless(store)] : [])],
  };
}

function careless({ engine }: ChaosStore): ContainerModule {
  return {
    name: 'careless',
    load: (bind) =>
      engine === 'sqlite'
        ? bind(StateStorage).toFactory([SqliteConnection], (connection) =>
            acknowledgedEarly(sqliteStateStorage(connection)),
          )
        : bind(StateStorage).toFactory([PostgresDatabase], ({ storage }) => acknowledgedEarly(storage)),
  };
}

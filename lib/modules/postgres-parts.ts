import { LeaseOptions } from '../cluster/lease-options';
import { MembershipStore } from '../cluster/membership-store';
import { ActorDirectory } from '../directory/actor-directory';
import { PostgresDatabase, type PostgresSetting } from '../engines/postgres/postgres-database';
import { LocalNode } from '../identity/local-node';
import type { Bind } from '../injection/container-module';
import { NodeRandomProvider } from '../providers/node/node-random-provider';
import { NodeTimeProvider } from '../providers/node/node-time-provider';
import { RandomProvider } from '../providers/random-provider';
import { TimeProvider } from '../providers/time-provider';
import { withDefaults } from '../options/option-table';
import { StateStorage } from '../storage/state-storage';
import { bindPartitionedDirectory } from './directory-module';
import type { PostgresOptions } from './postgres-options';

/** How much of a lease a statement about the members may take: after it there must be time to renew. */
const LEASE_SHARE = 1 / 4;

const DEFAULTS: PostgresSetting = {
  schema: 'moonpool',
  durability: 'strict',
  poolSize: 8,
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 10_000,
  lockTimeoutMs: 5_000,
};

/** The stores of a cluster in one schema. */
export function bindPostgres(bind: Bind, options: PostgresOptions): void {
  const setting = settingOf(options);
  bind(PostgresDatabase).toFactory(
    { time: TimeProvider, random: RandomProvider, local: LocalNode, lease: LeaseOptions },
    ({ time, random, local: { cluster }, lease: { ttlMs } }) => {
      const memberTimeoutMs = Math.min(setting.statementTimeoutMs, Math.ceil(ttlMs * LEASE_SHARE));
      return new PostgresDatabase(setting, { time, random, cluster, memberTimeoutMs });
    },
  );
  bind(StateStorage).toFactory([PostgresDatabase], ({ storage }) => storage);
  if (options.directory === 'stored') bind(ActorDirectory).toFactory([PostgresDatabase], ({ directory }) => directory);
  else bindPartitionedDirectory(bind);
  bind(MembershipStore).toFactory([PostgresDatabase], ({ membership }) => membership);
}

/** Makes the tables, or brings them to the present version, and looks whether a node could start. */
export async function prepareTables(options: PostgresOptions): Promise<void> {
  const setting = settingOf(options);
  const time = new NodeTimeProvider();
  const surroundings = {
    time,
    random: new NodeRandomProvider(),
    cluster: '',
    memberTimeoutMs: setting.statementTimeoutMs,
  };
  const database = new PostgresDatabase(setting, surroundings);
  await database.start();
  await database.stop();
}

function settingOf(options: PostgresOptions): PostgresSetting {
  return withDefaults(DEFAULTS, options);
}

import { existsSync, readFileSync } from 'node:fs';
import type { Carelessness, EngineName } from './bed';
import { LoopDisk } from './loop-disk';
import type { Row } from './row';

export type Damage = 'kill' | 'power' | 'full';

export interface CampaignChoice {
  /** `kill -9` of each kind; power is cut a quarter as often, and disks are filled an eighth as often. */
  readonly rounds: number;
  readonly engines: readonly EngineName[];
  readonly damages: readonly Damage[];
  readonly seed: number;
}

export interface PlannedRow extends Row {
  /** Must lose: shows that the campaign would notice. */
  readonly isControl: boolean;
  /** Why it cannot be run here. */
  readonly skipped?: string;
}

/** How often a control may go without a loss until the campaign is held to be blind. */
const CONTROL_ROUNDS = 10;
const DISK_MIB: Readonly<Record<EngineName, number>> = { sqlite: 512, postgres: 2_048 };
const SMALL_DISK_MIB: Readonly<Record<EngineName, number>> = { sqlite: 64, postgres: 384 };

interface Kind extends Pick<Row, 'title' | 'round'> {
  readonly damage: Damage;
  /** Which part of the rounds. */
  readonly part: number;
  readonly onDisk?: 'large' | 'small';
  readonly only?: EngineName;
  readonly careless?: Carelessness;
}

const KINDS: readonly Kind[] = [
  { damage: 'kill', title: 'kill -9 of the node', round: 'node', part: 1 },
  { damage: 'kill', title: 'kill -9 of the server', round: 'server', part: 1, only: 'postgres' },
  {
    ...{
      damage: 'kill',
      title: 'control: the same, synchronous_commit=off',
      round: 'server',
      part: 1,
      only: 'postgres',
    },
    // The writer of the log wakes up seldom, so that some of it is in memory at each moment.
    careless: { settings: { synchronous_commit: 'off', wal_writer_delay: '10s' } },
  },
  { damage: 'power', title: 'power cut', round: 'power', part: 0.25, onDisk: 'large' },
  ...(['OFF', 'NORMAL'] as const).map((synchronous): Kind => ({
    ...{ damage: 'power', title: `control: the same, synchronous=${synchronous}`, round: 'power', part: 1 },
    ...{ onDisk: 'large', only: 'sqlite', careless: { synchronous } },
  })),
  ...(['synchronous_commit', 'fsync'] as const).map((setting): Kind => ({
    ...{ damage: 'power', title: `control: the same, ${setting}=off`, round: 'power', part: 1 },
    ...{ onDisk: 'large', only: 'postgres', careless: { settings: { [setting]: 'off', wal_writer_delay: '10s' } } },
  })),
  { damage: 'full', title: 'full disk', round: 'full', part: 0.125, onDisk: 'small' },
  { damage: 'full', title: 'read-only file system', round: 'readOnly', part: 0.125, onDisk: 'small' },
];

/** What the campaign will do, in this order. */
export async function plan({ rounds, engines, damages, seed }: CampaignChoice): Promise<readonly PlannedRow[]> {
  const obstacle = damages.some((damage) => damage !== 'kill') ? await LoopDisk.obstacle() : undefined;
  const rows = engines.flatMap((engine) =>
    KINDS.filter(({ damage, only }) => damages.includes(damage) && (only ?? engine) === engine).map(
      ({ title, round, part, onDisk, careless }): PlannedRow => ({
        ...{ engine, title, round, seed, isControl: careless !== undefined },
        rounds: careless === undefined ? Math.ceil(rounds * part) : CONTROL_ROUNDS,
        ...(onDisk === undefined ? {} : { diskMib: (onDisk === 'large' ? DISK_MIB : SMALL_DISK_MIB)[engine] }),
        ...(careless === undefined ? {} : { careless }),
        ...(onDisk === undefined || obstacle === undefined ? {} : { skipped: obstacle }),
      }),
    ),
  );
  return damages.includes('power') ? [...rows, ...engines.map((engine) => failingSyncs(engine, seed))] : rows;
}

/** Syncs that fail need a device that fails them. */
function failingSyncs(engine: EngineName, seed: number): PlannedRow {
  const hasMapper = existsSync('/proc/misc') && readFileSync('/proc/misc', 'utf8').includes('device-mapper');
  const skipped = hasMapper
    ? 'device-mapper is here, and this campaign has no use for it yet'
    : 'the kernel of this machine has no device-mapper';
  return { engine, title: 'failing syncs', round: 'power', rounds: 0, seed, isControl: false, skipped };
}

import { eventKind } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';
import type { ClogSide } from '../network/transfers/network-link';
import { bothWays, type Way } from '../network/partitions/partition-rule';
import { waysOfPartition, type PartitionedMachines, type PartitionShape } from '../network/partitions/partition-shape';
import type { SimulatedWorld } from '../world/simulated-world';

/** The events that a test brings about. */
export const VERB = eventKind('test');

/** Lets it happen as an event of its own: a test speaks from a promise job, in the middle of what others are doing. */
export function asEvent({ engine }: SimulatedWorld, life: NodeLife, verb: () => void): Promise<void> {
  return new Promise<void>((resolve) => {
    engine.schedule(0, VERB, life, () => {
      verb();
      resolve();
    });
  });
}

/** Keeps two groups of machines apart, by their names. @param forMs for how long; until everything is healed by default. */
export function separate(
  { engine, partitions }: SimulatedWorld,
  some: readonly string[],
  others: readonly string[],
  forMs?: number,
): void {
  engine.record(undefined, 'partition', { some: some.join(' '), others: others.join(' ') });
  const end = partitions.block(bothWays(some, others));
  if (forMs !== undefined) engine.schedule(forMs, VERB, undefined, end);
}

/** Keeps machines apart by a shape. @param victim whom it is about; what else the shape leaves open, the seed decides. */
export function separateByShape(
  { engine, partitions }: SimulatedWorld,
  shape: PartitionShape,
  victim: string,
  machines: PartitionedMachines,
  forMs?: number,
): void {
  engine.record(undefined, 'partition', { shape, node: victim });
  const end = partitions.block(waysOfPartition(shape, victim, machines, engine.rolls.sequence('test-partition')));
  if (forMs !== undefined) engine.schedule(forMs, VERB, undefined, end);
}

/** Lets what goes one way wait. @param forMs for how long; until it is freed by default. */
export function clog({ engine, clogs }: SimulatedWorld, way: Way, side: ClogSide, forMs?: number): void {
  engine.record(undefined, 'clog', { ...way, side });
  clogs.clog(way, side, forMs);
}

/** Frees what was clogged. @param way undefined for all ways. */
export function unclog({ engine, clogs }: SimulatedWorld, way: Way | undefined): void {
  engine.record(undefined, 'unclog', way === undefined ? {} : { ...way });
  clogs.unclog(way === undefined ? undefined : [way]);
}

/** From now on nothing breaks, closes or garbles by chance between the two. */
export function keepStable({ network: { conditions } }: SimulatedWorld, one: string, other: string): void {
  conditions.link(one, other).isStable = true;
  conditions.link(other, one).isStable = true;
}

/** No more faults: what stands still goes on, and everything reaches everything. */
export function endFaults(world: SimulatedWorld, machines: readonly { resume(): void }[]): void {
  world.engine.record(undefined, 'quiesce');
  world.setFaulty(false);
  for (const machine of machines) machine.resume();
  world.partitions.healAll();
  world.clogs.unclog();
}

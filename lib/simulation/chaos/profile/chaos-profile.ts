import type { KeyedRolls } from '../../random/keyed-rolls';
import { CALM_CODE, drawCode, type CodeChaos } from './code-chaos';
import { CALM_MACHINES, DEFAULT_MACHINES, drawMachines, type MachineChaos } from './machine-chaos';
import { CALM_NETWORK, DEFAULT_NETWORK_CHAOS, drawNetwork, type NetworkChaos } from './network-chaos';
import { Swarm } from './swarm';

export const CHAOS_LEVELS = ['calm', 'default', 'hostile'] as const;

/** How hard a simulation is on the cluster: no faults, some, or values that each seed draws again from wide ranges. */
export type ChaosLevel = (typeof CHAOS_LEVELS)[number];

/** All faults of a run, with their figures: one field for each family. */
export interface ChaosProfile extends NetworkChaos, MachineChaos, CodeChaos {}

/** Everything takes the time that it takes in a sound world, and nothing fails. */
export const CALM_PROFILE: ChaosProfile = { ...CALM_NETWORK, ...CALM_MACHINES, ...CALM_CODE };

/** The faults of `default`, as `docs/fault-injection.md` lists them. */
export const DEFAULT_PROFILE: ChaosProfile = { ...DEFAULT_NETWORK_CHAOS, ...DEFAULT_MACHINES, ...CALM_CODE };

/** The faults of a seed. Under `hostile` each family of faults is also switched on or off with even odds. */
export function drawChaos(level: ChaosLevel, keyed: KeyedRolls): ChaosProfile {
  if (level !== 'hostile') return level === 'calm' ? CALM_PROFILE : DEFAULT_PROFILE;
  const swarm = new Swarm(keyed);
  return { ...drawNetwork(swarm), ...drawMachines(swarm), ...drawCode(swarm) };
}

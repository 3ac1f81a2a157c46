import type { Swarm } from './swarm';

/** How the sites of the code that ask to be disturbed are: see `Buggify`. */
export interface BuggifyFaults {
  readonly isOn: boolean;
}

/** What code does to itself. */
export interface CodeChaos {
  readonly buggify: BuggifyFaults;
}

/** The code runs as it does in production. */
export const CALM_CODE: CodeChaos = { buggify: { isOn: false } };

/** Sites and knobs have odds of their own; a seed only decides whether there are any. */
export function drawCode(swarm: Swarm): CodeChaos {
  return { buggify: swarm.perhaps('buggify', () => ({ isOn: true }), CALM_CODE.buggify) };
}

import type { FaultRow } from './fault-row';

/** What code does to itself where it asks to be disturbed. */
export const CODE_FAULT_ROWS: readonly FaultRow[] = [
  {
    name: 'buggify',
    family: 'buggify',
    effect: 'A site of the code does something rare and harmless: a late flush, a place forgotten, a write repeated.',
    byDefault: 'off',
    hostile: '25 % at half of the sites, unless a site says otherwise',
  },
  {
    name: 'buggify-knob',
    family: 'buggify',
    effect: 'A process has a limit or interval turned for its life: a tiny cache, an early collection, packets sent one by one.',
    byDefault: 'off',
    hostile: '25 % of processes for half of the knobs',
  },
];

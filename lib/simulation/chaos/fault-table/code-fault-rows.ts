import type { FaultRow } from './fault-row';
import { onSite } from './fault-words';

/** What code does to itself where it asks to be disturbed. */
export const CODE_FAULT_ROWS: readonly FaultRow[] = [
  {
    name: 'buggify',
    family: 'buggify',
    effect: 'A site of the code does something rare and harmless: a late flush, a place forgotten, a write repeated.',
    says: onSite((site, machine) => `the code of ${machine} does the rare thing at its site '${site}'`),
    byDefault: 'off',
    hostile: '25 % at half of the sites, unless a site says otherwise',
  },
  {
    name: 'buggify-knob',
    family: 'buggify',
    effect:
      'A process has a limit or interval turned for its life: a tiny cache, an early collection, packets sent one by one.',
    says: onSite(
      (knob, machine, { value = 'another value', insteadOf }) =>
        `a process of ${machine} has '${knob}' turned to ${value}${insteadOf === undefined ? '' : ` from ${insteadOf}`}`,
    ),
    byDefault: 'off',
    hostile: '25 % of processes for half of the knobs',
  },
];

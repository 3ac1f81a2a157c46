import type { FaultRow } from './fault-row';

/** What can befall machines, their disks and clocks, and the store. */
export const MACHINE_FAULT_ROWS: readonly FaultRow[] = [
  {
    name: 'device-latency',
    family: 'device',
    effect: 'Reading, writing and syncing a disk take their time.',
    byDefault: '50-200 us, 100-500 us, 1-5 ms',
    hostile: '20-500 us, 50 us-1 ms, 0.5-10 ms',
  },
  {
    name: 'clock',
    family: 'clocks',
    effect: 'The wall clock of a machine is off, and its monotonic clock runs fast or slow.',
    byDefault: 'up to 100 ms; no drift',
    hostile: 'up to 50-149 ms; 0.5 in 1,000',
  },
  {
    name: 'attrition',
    family: 'attrition',
    effect: 'A node dies, with its machine or alone, and comes back; one is always left.',
    byDefault: '20 % each 1-5 s, back after 1-5 s',
    hostile: '20-80 % each 1-5 s, back after 1-10 s',
  },
  { name: 'store-latency', family: 'store', effect: 'A request to the store takes its time.', byDefault: '1-5 ms', hostile: '1-5 ms' },
  {
    name: 'store-slow',
    family: 'store',
    effect: 'A request to the store is very slow on its way, and may arrive after its sender has died.',
    byDefault: '0.5 %, 0.2-2 s',
    hostile: '1-2 %, 0.5-8 s',
  },
  { name: 'store-unavailable', family: 'store', effect: 'The store does nothing and says so.', byDefault: 'off', hostile: '0-2 %' },
  { name: 'store-answer-lost', family: 'store', effect: 'The store does what it was asked, and its answer is lost.', byDefault: 'off', hostile: '0-2 %' },
];

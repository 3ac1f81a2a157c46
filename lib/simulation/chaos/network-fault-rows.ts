import type { FaultRow } from './fault-row';

/** What can befall the network. */
export const NETWORK_FAULT_ROWS: readonly FaultRow[] = [
  {
    name: 'latency',
    family: 'delivery',
    effect: 'A delivery takes its time.',
    byDefault: '100-600 us',
    hostile: '50-200 us and up to 0.1-2 ms more',
  },
  {
    name: 'slow-transfer',
    family: 'delivery',
    effect: 'A delivery takes many times as long.',
    byDefault: 'off',
    hostile: '0.1-0.9 %, 1-10 times',
  },
  { name: 'bind', family: 'connections', effect: 'Beginning to listen takes its time.', byDefault: '50-150 us', hostile: '10-300 us' },
  { name: 'accept', family: 'connections', effect: 'Accepting a connection takes its time.', byDefault: '1-6 ms', hostile: '1-15 ms' },
  { name: 'connect', family: 'connections', effect: 'A request to connect takes its time.', byDefault: '1-11 ms', hostile: '1-100 ms' },
  { name: 'split', family: 'splitProbability', effect: 'A read gets a part of what has arrived.', byDefault: '2 %', hostile: '0-20 %' },
  {
    name: 'connection-cut',
    family: 'cuts',
    effect: 'A connection breaks for both sides, in the middle of what it carries.',
    byDefault: '0.01 %, cooldown 5 s',
    hostile: '0.01-1 %, cooldown 1-10 s',
  },
  {
    name: 'partition',
    family: 'partitions',
    effect: 'Machines do not reach each other for a while: one alone, two halves, one way, without the store, or a bridge.',
    byDefault: '2 % rolled each second, 0.1-1 s',
    hostile: '2-14 % rolled each second, 0.1-3 s',
  },
];

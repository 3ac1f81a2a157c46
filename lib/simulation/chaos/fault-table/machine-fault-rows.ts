import type { FaultRow } from './fault-row';
import { milliseconds, onRequest } from './fault-words';

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
    name: 'device-capacity',
    family: 'device',
    effect: 'A disk does one operation after another, so many in a second, and moves so many bytes in a second.',
    byDefault: '25,000; 150 MB',
    hostile: '100-100,000; 1-500 MB',
  },
  {
    name: 'disk-read-error',
    family: 'deviceErrors',
    effect: 'A read fails.',
    says: (machine) => `a read of the disk of ${machine} fails`,
    byDefault: 'off',
    hostile: '0-0.1 %',
  },
  {
    name: 'disk-write-error',
    family: 'deviceErrors',
    effect: 'A write fails; the first part of it may be done.',
    says: (machine) => `a write to the disk of ${machine} fails; the first part of it may be done`,
    byDefault: 'off',
    hostile: '0-0.1 %',
  },
  {
    name: 'disk-sync-error',
    family: 'deviceErrors',
    effect: 'A sync fails; what it left out is not repeated by later syncs and is lost with the power.',
    says: (machine) => `a sync of the disk of ${machine} fails, and what it left out is lost with the power`,
    byDefault: 'off',
    hostile: '0-0.05 %',
  },
  {
    name: 'disk-stall',
    family: 'deviceStalls',
    effect: 'A disk does nothing for a while.',
    says: (machine, { forMs }) => `the disk of ${machine} does nothing for ${milliseconds(forMs)}`,
    byDefault: 'off',
    hostile: '0-0.1 %, 50-500 ms',
  },
  {
    name: 'disk-throttle',
    family: 'deviceStalls',
    effect: 'A disk works at a fraction of its speed for a while.',
    says: (machine, { forMs, divisor = 'many' }) =>
      `the disk of ${machine} works ${divisor} times slower for ${milliseconds(forMs)}`,
    byDefault: 'off',
    hostile: '0-0.1 %, a 2nd to a 19th for 0.5-5 s',
  },
  {
    name: 'disk-crash',
    family: 'deviceCrashes',
    effect:
      'A loss of power harms what a file had not synced: all of it is lost (10 %), the last 1-8 sectors of 512 bytes are (25 %), or each sector is kept, lost or torn.',
    says: (machine, { of = 'the' }) => `the loss of power harms ${of} sectors that a file of ${machine} had not synced`,
    byDefault: '90 % of losses of power',
    hostile: '90 % of losses of power',
  },
  {
    name: 'disk-latent-fault',
    family: 'deviceCrashes',
    effect: 'After a loss of power a sector that held nothing synced cannot be read, until it is written.',
    says: (machine) => `a sector of the disk of ${machine} cannot be read until it is written`,
    byDefault: '5 % of losses of power',
    hostile: '5 % of losses of power',
  },
  {
    name: 'disk-file-lost',
    family: 'deviceCrashes',
    effect: 'A loss of power takes a file that was never synced.',
    says: (machine) => `a file of ${machine} that was never synced is lost with the power`,
    byDefault: '50 % of losses of power',
    hostile: '50 % of losses of power',
  },
  {
    name: 'clock',
    family: 'clocks',
    effect: 'The wall clock of a machine is ahead and gets further ahead; its monotonic clock runs fast or slow.',
    byDefault: 'up to 100 ms, and 100 ms more; no drift of rate',
    hostile: 'up to 50-149 ms, and 50-149 ms more; two clocks part by up to 1 in 1,000',
  },
  {
    name: 'clock-step',
    family: 'clockSteps',
    effect: 'Somebody sets the wall clock of a node, forth or back.',
    says: (machine, { byMs }) =>
      `somebody sets the wall clock of ${machine} ${typeof byMs === 'number' && byMs < 0 ? 'back' : 'forth'} by ${milliseconds(typeof byMs === 'number' ? Math.abs(byMs) : undefined)}`,
    byDefault: 'off',
    hostile: '0-5 % each second, 1 ms-1 h',
  },
  {
    name: 'slow-sleep',
    family: 'sleeps',
    effect: 'A sleep lasts longer than it was asked to: so much times u^1000, u being even between 0 and 1.',
    byDefault: '25 %, up to 100 ms',
    hostile: '25 %, up to 50-149 ms',
  },
  {
    name: 'pause',
    family: 'pauses',
    effect:
      'The process of a node stands still, as under SIGSTOP: all that it misses comes when it goes on. Past its lease it must fence itself.',
    says: (machine, { forMs }) => `the process of ${machine} stands still for ${milliseconds(forMs)}`,
    byDefault: 'off',
    hostile: '0-0.1 % each second, 10 ms-30 s',
  },
  {
    name: 'attrition',
    family: 'attrition',
    effect:
      'A node ends in order (weight 0.3), crashes, with its machine or alone (0.5), or loses its machine and disk (0.2), and comes back; at most `maxDead` are down, and one is always left.',
    says: (_, { node = 'a node', how = 'goes', forMs }) => `${node} ${how} and is back after ${milliseconds(forMs)}`,
    byDefault: '20 % each 1-5 s, back after 1-5 s',
    hostile: '20-80 % each 1-5 s, back after 1-10 s',
  },
  {
    name: 'call-crash',
    family: 'callCrashes',
    effect: 'A node crashes at a call of a provider: the call is not made, and the code stops there.',
    says: (machine, { forMs }) => `${machine} crashes at a call of a provider and is back after ${milliseconds(forMs)}`,
    byDefault: 'off',
    hostile: '0-0.01 % of all calls, back after 1-10 s',
  },
  {
    name: 'store-latency',
    family: 'store',
    effect: 'A request to the store takes its time.',
    byDefault: '1-5 ms',
    hostile: '1-5 ms',
  },
  {
    name: 'store-slow',
    family: 'store',
    effect: 'A request to the store is very slow on its way, and may arrive after its sender has died.',
    says: onRequest(
      (machine, operation, { byMs }) =>
        `the ${operation} of ${machine} is ${milliseconds(byMs)} late on its way to the store`,
    ),
    byDefault: '0.5 %, 0.2-2 s',
    hostile: '0-2 %, 0.5-8 s',
  },
  {
    name: 'store-late-answer',
    family: 'store',
    effect: 'The store does what it was asked, and its answer is very slow.',
    says: onRequest(
      (machine, operation, { byMs }) =>
        `the store does the ${operation} of ${machine}, and its answer is ${milliseconds(byMs)} late`,
    ),
    byDefault: 'off',
    hostile: '0-2 %, 0.5-8 s',
  },
  {
    name: 'store-unavailable',
    family: 'store',
    effect: 'The store does nothing and says so.',
    says: onRequest((machine, operation) => `the store refuses the ${operation} of ${machine} and has done nothing`),
    byDefault: 'off',
    hostile: '0-2 %',
  },
  {
    name: 'store-answer-lost',
    family: 'store',
    effect: 'The store does what it was asked, and its answer is lost.',
    says: onRequest((machine, operation) => `the store does the ${operation} of ${machine}, and its answer is lost`),
    byDefault: 'off',
    hostile: '0-2 %',
  },
];

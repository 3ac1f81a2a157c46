import type { FaultRow } from './fault-row';
import { milliseconds, onLink } from './fault-words';

/** What can befall the network. */
export const NETWORK_FAULT_ROWS: readonly FaultRow[] = [
  {
    name: 'latency',
    family: 'delivery',
    effect: 'A delivery takes its time.',
    byDefault: '100-600 us',
    hostile: '50 us-2 ms; evenly, exponentially or in two modes',
  },
  {
    name: 'slow-transfer',
    family: 'delivery',
    effect: 'A delivery in two modes takes many times as long.',
    says: onLink((from, to) => `what ${from} sends to ${to} takes many times as long`),
    byDefault: 'off',
    hostile: '0.1-0.9 %, 1-10 times',
  },
  {
    name: 'bind',
    family: 'connections',
    effect: 'Beginning to listen takes its time.',
    byDefault: '50-150 us',
    hostile: '10-300 us',
  },
  {
    name: 'accept',
    family: 'connections',
    effect: 'Accepting a connection takes its time.',
    byDefault: '1-6 ms',
    hostile: '1-15 ms',
  },
  {
    name: 'connect',
    family: 'connections',
    effect: 'A request to connect takes its time.',
    byDefault: '1-11 ms',
    hostile: '1-100 ms',
  },
  {
    name: 'pair-latency',
    family: 'pairLatency',
    effect: 'Two hosts are far from each other: a latency that is fixed when they first meet, each direction apart.',
    byDefault: 'off',
    hostile: '0-99 ms',
  },
  {
    name: 'locality-latency',
    family: 'localityLatency',
    effect:
      'Hosts whose localities are known are as far apart as those say: one machine, one zone, one datacenter, or across.',
    byDefault: 'off',
    hostile: '10-50 us, 100-500 us, 0.5-2 ms, 20-80 ms',
  },
  {
    name: 'clog-write',
    family: 'clogs',
    effect: 'What is sent on a link waits.',
    says: onLink(
      (from, to, { forMs }) => `what ${from} sends to ${to} waits for ${milliseconds(forMs)} before it leaves`,
    ),
    byDefault: '0 %, 100-300 ms',
    hostile: '0-19 %, 50-500 ms',
  },
  {
    name: 'clog-read',
    family: 'clogs',
    effect: 'What arrives on a link waits to be read.',
    says: onLink(
      (from, to, { forMs }) => `what has arrived at ${to} from ${from} waits for ${milliseconds(forMs)} to be read`,
    ),
    byDefault: '0 %, 100-300 ms',
    hostile: '0-19 %, 50-500 ms',
  },
  {
    name: 'partition',
    family: 'partitions',
    effect:
      'Machines do not reach each other: random halves, one alone, one way, one that only sends or only receives, one without the store, nodes that reach everybody but each other, or a swizzle: links stopped one after another and restored in another order.',
    says: (_, { node, shape, forMs }) =>
      node === undefined
        ? 'machines are kept apart'
        : `${node} is kept apart (${String(shape)}) for ${milliseconds(forMs)}`,
    byDefault: '0 %',
    hostile: '0-14 % rolled each second, 0.1-3 s',
  },
  {
    name: 'temporary-cut',
    family: 'temporaryCuts',
    effect: 'A link is dead both ways and restored later; its connections survive.',
    says: onLink(
      (from, to, { forMs }) =>
        `${from} and ${to} do not reach each other for ${milliseconds(forMs)}; their connections survive`,
    ),
    byDefault: 'off',
    hostile: '0-1 %, 0.1-2 s',
  },
  {
    name: 'loss',
    family: 'losses',
    effect:
      'A delivery is lost; the stream stalls until it was sent again, after 200 ms and twice that with each loss.',
    says: onLink((from, to) => `a delivery from ${from} to ${to} is lost; the stream stalls until it was sent again`),
    byDefault: 'off',
    hostile: '0-1 %',
  },
  {
    name: 'short-write',
    family: 'shortTransfers',
    effect: 'A write takes a part of what it is given; the rest leaves later.',
    says: onLink(
      (from, to, { done = 'a part', of = 'its' }) =>
        `${from} writes ${done} of ${of} bytes to ${to}; the rest leaves later`,
    ),
    byDefault: '25 % on half of the links, keeps 0-1,000 bytes',
    hostile: '25 % on half of the links, keeps at most 100-2,000 bytes',
  },
  {
    name: 'short-read',
    family: 'shortTransfers',
    effect: 'A read gives a part of what has arrived.',
    says: onLink(
      (from, to, { done = 'a part', of = 'the' }) =>
        `${to} reads ${done} of ${of} bytes that have arrived from ${from}`,
    ),
    byDefault: '25 % on half of the links, keeps 1-1,000 bytes',
    hostile: '25 % on half of the links, keeps at most 100-2,000 bytes',
  },
  {
    name: 'bit-flip',
    family: 'bitFlips',
    effect: 'A delivery arrives with 1-32 of its bits flipped, few likelier than many. Stable links are exempt.',
    says: onLink(
      (from, to, { bits = 'some', of = 'its' }) =>
        `a delivery of ${of} bytes from ${from} arrives at ${to} with ${bits} bits flipped`,
    ),
    byDefault: '0.01 %',
    hostile: '0.001-0.02 %',
  },
  {
    name: 'random-close',
    family: 'closes',
    effect:
      'A connection closes at a read or write, for the sender, the receiver or both, in order (FIN) or suddenly (RST). Stable links are exempt.',
    says: onLink(
      (from, to, { side, how }) =>
        `a connection on which ${from} sends to ${to} closes ${how === 'rst' ? 'suddenly (RST)' : 'in order (FIN)'} for ${side === 'both' || side === undefined ? 'both' : side === 'sender' ? from : to}`,
    ),
    byDefault: '0.001 %, cooldown 5 s',
    hostile: '0.0001-0.01 %, cooldown 1-10 s',
  },
  {
    name: 'half-open',
    family: 'vanishing',
    effect: 'One side loses its connection; the other sees nothing until a reset after 0.1-10 s, or for ever.',
    says: onLink(
      (from, to, { afterMs }) =>
        `${to} loses a connection from ${from}, which sees nothing ${afterMs === undefined ? 'of it, for ever' : `until a reset after ${milliseconds(afterMs)}`}`,
    ),
    byDefault: 'off',
    hostile: '0-0.01 %',
  },
  {
    name: 'black-hole',
    family: 'vanishing',
    effect: 'Nothing gets through a connection any more, and neither side is notified.',
    says: onLink(
      (from, to) => `nothing gets through a connection from ${from} to ${to} any more, and neither is notified`,
    ),
    byDefault: 'off',
    hostile: '0-0.01 %',
  },
  {
    name: 'connect-refused',
    family: 'connects',
    effect: 'A request to connect is refused although somebody listens.',
    says: onLink((from, to) => `${to} refuses a connection from ${from} although it listens`),
    byDefault: '12.5 % on half of the links',
    hostile: '25 % or 12.5 % on half of the links',
  },
  {
    name: 'connect-hangs',
    family: 'connects',
    effect: 'A request to connect is not answered; its caller gives up after 3 s.',
    says: onLink((from, to) => `${to} does not answer a request to connect from ${from}`),
    byDefault: '12.5 % on half of the links',
    hostile: 'off or 12.5 % on half of the links',
  },
];

/** One way between two processes, by their names. */
export interface Way {
  readonly from: string;
  readonly to: string;
}

/** What happens to some ways of the network for a while. */
export interface Cut {
  /**
   * `breaks`: connections end, and new ones do too, as soon as it is known who makes them. `holds`: connections stay, and what is sent waits until
   * the cut is over, as with packets that are lost and sent again.
   */
  readonly kind: 'breaks' | 'holds';
  readonly ways: readonly Way[];
}

/** What the network does to a way at present. */
export type WayState = 'open' | 'held' | 'broken';

/** The worst of what the cuts do to a way. */
export function stateOfWay({ from, to }: Way, cuts: Iterable<Cut>): WayState {
  let state: WayState = 'open';
  for (const { kind, ways } of cuts) {
    if (!ways.some((way) => way.from === from && way.to === to)) continue;
    if (kind === 'breaks') return 'broken';
    state = 'held';
  }
  return state;
}

/** The ways of a cut as text: `node1>node2 node2>node1`. */
export function describeCut({ ways }: Cut): string {
  return ways.map(({ from, to }) => `${from}>${to}`).join(' ');
}

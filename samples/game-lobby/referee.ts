import { Actor, Handler, StatelessWorker } from 'moonpool';

/** What is to be said about a position. */
export type Verdict = 'won' | 'drawn' | 'open';

const LINES = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
] as const;

/** Knows the rules and remembers nothing: each node has as many as there is work for, and no call leaves its node. */
@StatelessWorker({ maxPerNode: 4 })
@Actor({ name: 'Referee' })
export class Referee {
  /** @param cells all cells that were taken, in their order: each second one is of whoever moved last. */
  @Handler() async judge(cells: readonly number[]): Promise<Verdict> {
    const own = new Set(cells.filter((_, at) => (cells.length - at) % 2 === 1));
    if (LINES.some((line) => line.every((cell) => own.has(cell)))) return 'won';
    return cells.length === 9 ? 'drawn' : 'open';
  }
}

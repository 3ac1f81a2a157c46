import { expect } from 'chai';
import type { OpenCall } from '../../lib/calls/open-calls';
import type { Probe } from '../../lib/calls/probe';
import type { Request } from '../../lib/calls/request';
import type { EventLog } from '../../lib/observability/event-log';
import type { RandomProvider } from '../../lib/providers/random-provider';
import { DeadlockWatch, type DeadlockWatchParts } from '../../lib/turns/deadlock-watch';
import type { Turn } from '../../lib/turns/turn';
import type { TurnLoop } from '../../lib/turns/turn-loop';

/** One actor on a node of its own: its turn calls the actor of another, whose call waits for it in turn. */
class Neighbour {
  readonly watch: DeadlockWatch;
  readonly refused: string[] = [];
  private readonly turn: Turn;

  /** @param callee whom its turn has called. @param caller whose call waits here. @param on the way of probes, which takes its time. */
  constructor(
    readonly name: string,
    callee: string,
    caller: string,
    on: { push: (probe: readonly [to: string, call: string, probe: Probe]) => void },
  ) {
    const waiting = new Set([`call of ${caller}`]);
    const request = (call: string): Partial<Request> => ({
      ...{ target: { path: this.name } as Request['target'], method: 'run' },
      reply: { error: () => this.refused.push(call) } as unknown as Request['reply'],
    });
    const loop = {
      get waiting() {
        return waiting.size;
      },
      turnsFor: (call: string) => (waiting.has(call) ? [this.turn] : []),
      takeOut: (call: string) => (waiting.delete(call) ? request(call) : undefined),
    } as unknown as TurnLoop;
    const open = { call: `call of ${name}`, target: { path: callee } } as unknown as OpenCall;
    this.turn = {
      ...{ id: `turn of ${name}`, loop, startedAt: 0, asksAtMs: 0, waitsFor: [open], askedIn: undefined },
      request: request(''),
    } as unknown as Turn;
    this.watch = new DeadlockWatch({
      running: { startedBefore: () => [this.turn] } as unknown as DeadlockWatchParts['running'],
      router: {
        follow: ({ target, call }: OpenCall, probe: Probe) => on.push([target.path, call, probe]),
      } as unknown as DeadlockWatchParts['router'],
      events: { record: () => undefined } as unknown as EventLog,
      random: { uint32: () => 7 } as RandomProvider,
      loopsOf: (path) => (path === name ? [loop] : []),
      afterMs: 10,
    });
  }
}

/** How many calls are refused of so many actors, on as many nodes, that wait for each other in a circle and all ask at the same moment. */
function refusedOf(size: number): readonly string[] {
  const onTheWay: (readonly [to: string, call: string, probe: Probe])[] = [];
  const names = Array.from({ length: size }, (_, index) => String.fromCharCode(97 + index));
  const at = (index: number): string => names[(index + size) % size] as string;
  const circle = names.map((name, index) => new Neighbour(name, at(index + 1), at(index - 1), onTheWay));
  for (const { watch } of circle) watch.look(1_000);
  for (let next = onTheWay.shift(); next !== undefined; next = onTheWay.shift()) {
    const [to, call, probe] = next;
    circle.find(({ name }) => name === to)?.watch.follow(to, call, probe);
  }
  return circle.flatMap(({ refused }) => refused);
}

describe('Turns of different nodes that wait for each other, and ask at the same moment', () => {
  for (const size of [2, 3, 5])
    it(`are told so once: of ${size} calls one is refused`, () => {
      expect(refusedOf(size)).to.have.length(1);
    });
});

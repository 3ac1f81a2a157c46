import { expect } from 'chai';
import type { OpenCall } from '../../lib/calls/open-calls';
import type { Probe } from '../../lib/calls/probe';
import type { Request } from '../../lib/calls/request';
import type { EventLog } from '../../lib/observability/event-log';
import type { RandomProvider } from '../../lib/providers/random-provider';
import { DeadlockQuestion } from '../../lib/turns/deadlock-question';
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
      ...{ id: `turn of ${name}`, loop, startedAt: 0, waitsFor: [open], question: undefined },
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

/**
 * How many calls are refused of so many actors, on as many nodes, that wait for each other in a circle and all ask at the same moment.
 * @param before what happens while the circle is not closed yet: nobody hears what is asked then.
 */
function refusedOf(size: number, before: (last: DeadlockWatch) => void = () => undefined): readonly string[] {
  const onTheWay: (readonly [to: string, call: string, probe: Probe])[] = [];
  const names = Array.from({ length: size }, (_, index) => String.fromCharCode(97 + index));
  const at = (index: number): string => names[(index + size) % size] as string;
  const circle = names.map((name, index) => new Neighbour(name, at(index + 1), at(index - 1), onTheWay));
  before((circle.at(-1) as Neighbour).watch);
  onTheWay.length = 0;
  for (const { watch } of circle) watch.look(10_000);
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

  it('find their circle though the one that should hear of it has waited for long, and asks seldom', () => {
    const waitsForLong = (last: DeadlockWatch): void => {
      for (let now = 1_000; now < 10_000; now += 10) last.look(now);
    };
    expect(refusedOf(3, waitsForLong)).to.have.length(1);
  });
});

describe('Whether a turn waits for itself', () => {
  const asksAt = (question: DeadlockQuestion, call: string, from: number, to: number): readonly number[] =>
    Array.from({ length: (to - from) / 10 }, (_, index) => from + 10 * index).filter((now) =>
      question.isDue(call, now),
    );

  it('is asked ever less often while it waits for the same call, and of others only when they last', () => {
    const question = new DeadlockQuestion(10);
    expect(asksAt(question, 'a', 100, 300)).to.deep.equal([100, 110, 120, 140, 180, 260]);
    expect([question.isDue('b', 300), question.isDue('c', 310)]).to.deep.equal([false, false]);
    expect(asksAt(question, 'c', 320, 400)).to.deep.equal([320, 330, 350, 390]);
  });

  it('is asked at about this time when it was asked a moment ago, or will be', () => {
    const question = new DeadlockQuestion(10);
    asksAt(question, 'a', 100, 300);
    expect([270, 300, 410].map((now) => question.isAskedAbout('a', now))).to.deep.equal([true, false, true]);
    expect(question.isAskedAbout('b', 300)).to.equal(true);
  });
});

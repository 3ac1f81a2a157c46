import { expect } from 'chai';
import { Actor, Handler } from 'moonpool';
import type { Activation } from '../../lib/activation/activation';
import { GradualEnding } from '../../lib/activation/gradual-ending';
import { quietBuggify } from '../../lib/chaos/buggify';
import { Deferred } from '../../lib/concurrency/deferred';
import { ClusterFixture, eventually } from './cluster-fixture';

const MANY = 10_000;
const ROOM = 4_096;

/** Ends when the spec says so. */
class HeldEnd {
  readonly ended = new Deferred<void>();
  isEnding = false;
  isOver = false;

  constructor(
    readonly isActive = true,
    readonly loop = { running: 0 },
  ) {}

  deactivate(): Promise<void> {
    this.isEnding = true;
    return this.ended.promise;
  }
}

let present = 0;
let most = 0;
let ends = 0;

@Actor({ name: 'Guest' })
class Guest {
  @Handler() async stay(): Promise<void> {}

  async onDeactivate(): Promise<void> {
    most = Math.max(most, ++present);
    await new Promise((resolve) => setImmediate(resolve));
    present--;
    ends++;
  }
}

describe('The end of many activations', () => {
  const endOf = (activation: Activation): Promise<void> => (activation as unknown as HeldEnd).deactivate();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  let yields: number;
  let ending: GradualEnding;
  beforeEach(() => {
    yields = 0;
    const turn = async (): Promise<void> => {
      yields++;
      await settle();
    };
    ending = new GradualEnding({ yield: turn }, quietBuggify);
  });
  const begin = (all: readonly HeldEnd[], end: (activation: Activation) => Promise<void> | undefined = endOf) =>
    ending.begin(all as unknown as readonly Activation[], end);

  it('is begun for so many at a time, and for another one when one of them has ended', async () => {
    const all = Array.from({ length: MANY }, () => new HeldEnd());
    const begun = begin(all);
    const count = () => all.filter(({ isEnding }) => isEnding).length;
    await eventually(() => count() === ROOM);
    all[7]?.ended.resolve();
    await settle();
    expect(count()).to.equal(ROOM + 1);
    all.forEach(({ ended }) => ended.resolve());
    await begun;
    await ending.settled();
    expect(count()).to.equal(MANY);
  });

  it('lets input and timers have their chance all the time, though nobody is to end', async () => {
    const all = Array.from({ length: MANY }, () => new HeldEnd());
    await begin(all, () => undefined);
    expect(yields).to.equal(2);
    all.forEach(({ ended }) => ended.resolve());
    await begin(all);
    expect(yields).to.be.greaterThan(50);
  });

  it('does not wait for those that are in the midst of turns, or not active yet, before it is over for all others', async () => {
    const busy = Array.from({ length: MANY }, (_, index) => new HeldEnd(index % 2 === 0, { running: 1 }));
    const resting = new HeldEnd();
    await begin([...busy, resting]);
    expect(resting.isEnding).to.equal(true);
    let isSettled = false;
    const settled = ending.settled().then(() => (isSettled = true));
    resting.ended.resolve();
    busy.slice(1).forEach(({ ended }) => ended.resolve());
    await settle();
    expect(isSettled).to.equal(false);
    busy[0]?.ended.resolve();
    await settled;
  });

  it('is not begun once more for those that were dropped while others ended', async () => {
    const all = Array.from({ length: ROOM + 10 }, () => new HeldEnd());
    const begun = begin(all);
    await eventually(() => all[ROOM - 1]?.isEnding === true);
    all.forEach((each) => (each.isOver = true));
    all[0]?.ended.resolve();
    await begun;
    expect(all.filter(({ isEnding }) => isEnding)).to.have.length(ROOM);
  });

  for (const [when, options] of [
    ['a node is shut down', { idleTimeoutMs: 60_000 }],
    ['nobody has called them for a while', { idleTimeoutMs: 50 }],
  ] as const)
    it(`keeps their hooks from running all at once when ${when}`, async () => {
      [present, most, ends] = [0, 0, 0];
      const cluster = new ClusterFixture([Guest]);
      const node = await cluster.node('n1', { activation: { ...options, collectionIntervalMs: 50 } });
      await Promise.all(Array.from({ length: MANY }, (_, index) => node.actor(Guest, `g${index}`).stay()));
      if (options.idleTimeoutMs === 50) await eventually(() => ends === MANY);
      await cluster.shutdown();
      expect([ends, most <= ROOM]).to.deep.equal([MANY, true]);
    });
});

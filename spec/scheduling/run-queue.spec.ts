import { expect } from 'chai';
import { RunQueue } from '../../lib/scheduling/run-queue';
import { quietBuggify } from '../../lib/chaos/buggify';
import { ManualTasks, ManualTime } from './manual-time';

const QUANTUM_MS = 100;

describe('The run queue', () => {
  let time: ManualTime;
  let tasks: ManualTasks;
  let queue: RunQueue;
  let ran: number;
  beforeEach(() => {
    time = new ManualTime();
    tasks = new ManualTasks();
    queue = new RunQueue(time, tasks, QUANTUM_MS, quietBuggify);
    ran = 0;
  });

  /** Something whose turn takes so long. */
  function turn(tookMs: number): void {
    queue.submit({
      run: () => {
        queue.onTurn(time.at);
        ran++;
        time.at += tookMs;
      },
    });
  }

  it('lets turns run at once, and asks nothing of the event loop while that turns often', () => {
    for (let round = 0; round < 100; round++) turn(0.1);
    expect([ran, tasks.asked]).to.deep.equal([100, 0]);
  });

  it('lets those wait that come when a quantum is over, however long each turn takes', () => {
    for (const tookMs of [1, 20, 40]) {
      queue = new RunQueue(time, tasks, QUANTUM_MS, quietBuggify);
      const before = time.at;
      for (let round = 0; round < 1_000; round++) turn(tookMs);
      expect(time.at - before, `turns of ${tookMs} ms`).to.be.within(QUANTUM_MS, QUANTUM_MS + 2 * tookMs);
    }
  });

  it('lets none follow a turn at once that took as long as a quantum', () => {
    const long = (): void => {
      turn(150);
      queue.noteTime();
    };
    long();
    long();
    expect([ran, queue.length]).to.deep.equal([1, 1]);
    time.at += 10_000;
    tasks.turn();
    // The event loop was idle for long, and one turn is taken for no more than it is.
    long();
    expect(ran).to.equal(3);
  });

  it('ends what has run before it begins more: an answer does not wait behind all turns that are ready', () => {
    const order: string[] = [];
    const answer = (name: string): void => {
      if (queue.isExhausted) queue.wait({ run: () => answer(name) });
      else order.push(name);
    };
    const long = (name: string): void =>
      queue.submit({
        run: () => {
          queue.onTurn(time.at);
          time.at += 150;
          queue.noteTime();
          order.push(name);
          answer(`answer of ${name}`);
        },
      });
    for (const name of ['a', 'b', 'c']) long(name);
    expect([order.length, queue.length]).to.deep.equal([1, 3]);
    for (let round = 0; round < 5; round++) tasks.turn();
    expect(order).to.deep.equal(['a', 'answer of a', 'b', 'answer of b', 'c', 'answer of c']);
  });

  it('lets what else takes time count as well', () => {
    turn(1);
    time.at += 30;
    queue.lookAtClock(time.at);
    time.at += 80;
    queue.lookAtClock(time.at);
    expect(queue.isExhausted).to.equal(true);
    turn(1);
    expect([ran, queue.length]).to.deep.equal([1, 1]);
  });

  it('runs in their order those that have waited, when the event loop has turned', () => {
    for (let round = 0; round < 15; round++) turn(10);
    const before = ran;
    expect(before).to.be.lessThan(15);
    tasks.turn();
    expect([ran, queue.length, queue.isExhausted]).to.deep.equal([15, 0, false]);
  });

  it('tells how long those will take that wait, by how fast turns were of late', () => {
    expect(queue.waitMs).to.equal(0);
    for (let round = 0; round < 500; round++) turn(1);
    expect(queue.waitMs, 'nothing is known yet').to.equal(0);
    tasks.turn();
    expect(queue.waitMs).to.be.closeTo(queue.length, queue.length * 0.1);
    for (let round = 0; round < 10; round++) tasks.turn();
    expect([queue.length, queue.waitMs]).to.deep.equal([0, 0]);
  });

  it('takes a moment of standing still for what it is', () => {
    for (let round = 0; round < 2_000; round++) turn(1);
    tasks.turn();
    const before = queue.waitMs;
    time.at += 5_000;
    tasks.turn();
    expect(queue.waitMs).to.be.lessThan(before * 2);
  });
});

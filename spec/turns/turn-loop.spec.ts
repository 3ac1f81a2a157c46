import { AnswerWatch } from '../../lib/turns/answer-watch';
import { expect } from 'chai';
import { VIRTUAL } from '../../lib/addressing/virtual-addressing';
import { Deferred } from '../../lib/concurrency/deferred';
import type { Call } from '../../lib/calls/call';
import type { Buggify } from '../../lib/chaos/buggify';
import { ActorId } from '../../lib/identity/actor-id';
import type { ActorDescriptor, HandlerDescriptor } from '../../lib/metadata/actor-descriptor';
import type { ActorOptions, Reentrancy } from '../../lib/metadata/actor-record';
import { TURN_METRICS } from '../../lib/observability/metric-catalogue';
import { MetricRegistry } from '../../lib/observability/metric-registry';
import { RunQueue } from '../../lib/scheduling/run-queue';
import { NOTHING_DURABLE } from '../../lib/turns/nothing-durable';
import type { RefusalLog } from '../../lib/observability/refusal-log';
import { RunningTurns } from '../../lib/turns/running-turns';
import type { Turn } from '../../lib/turns/turn';
import { TurnLoop } from '../../lib/turns/turn-loop';
import type { TurnLoopOwner } from '../../lib/turns/turn-owner';
import { CallMaker, handlerOf, type CallWishes } from '../calls/call-fixture';
import { ManualTasks } from '../scheduling/manual-time';
import { ManualTimers } from '../scheduling/manual-timers';

const path = 'spec/Room/r';

/** Lets promises that are settled be noticed. */
const moment = () => new Promise((done) => setImmediate(done));

describe('The loop of turns', () => {
  let time: ManualTimers;
  let tasks: ManualTasks;
  let maker: CallMaker;
  let loop: TurnLoop;
  let metrics: MetricRegistry;
  let owner: { -readonly [K in keyof TurnLoopOwner]: TurnLoopOwner[K] };
  /** Handlers that are at work, by their first argument. */
  let working: Map<string, Deferred<unknown>>;
  let log: string[];
  let mayServe: boolean;
  const load = { waiting: 0 };

  function begin(options: Partial<ActorOptions> & { readonly capacity?: number } = {}): void {
    const invoke: HandlerDescriptor['invoke'] = (_instance, [name]) => {
      const work = new Deferred<unknown>();
      working.set(String(name), work);
      log.push(`+${name}`);
      return work.promise;
    };
    const reentrant: Reentrancy = options.reentrant ?? false;
    const handlers = new Map([
      ['work', handlerOf('work', { invoke })],
      ['read', handlerOf('read', { invoke, mode: 'read-only' })],
      ['peek', handlerOf('peek', { invoke, mode: 'interleaved' })],
    ]);
    const descriptor: ActorDescriptor = {
      name: 'Room',
      type: Object,
      options: { name: 'Room', ...options },
      handlers,
      states: [],
      journals: [],
      timers: [],
      reminders: new Map(),
      reentrant,
      overlap: 'all',
      addressing: VIRTUAL,
      dependencies: [],
    };
    const runQueue = new RunQueue(time, tasks, 100, { enabled: false } as Buggify);
    owner = {
      id: 'n1#1/1',
      target: ActorId.parse(path),
      descriptor,
      instance: {},
      durable: NOTHING_DURABLE,
      runQueue,
      isActive: true,
      isEnding: false,
      onTurnEnded: (turn: Turn) => {
        loop.end(turn);
        runQueue.submit(loop);
      },
      onUnserved: () => void log.push('the node must not serve'),
      onQuiet: () => void log.push('quiet'),
    };
    const refusals = { note: (what: string) => void log.push(what) } as unknown as RefusalLog;
    loop = new TurnLoop(owner, options.capacity ?? 10, {
      runQueue,
      load,
      time,
      refusals,
      running: new RunningTurns({ time, refusals, limitMs: 1_000, everyMs: 1_000, onLook: () => undefined }),
      turnCounters: metrics.bind(TURN_METRICS),
      setting: {
        events: { enabled: false } as never,
        time,
        filters: [],
        tracksTurns: false,
        answers: new AnswerWatch({ warn: () => undefined }),
        mayServe: () => mayServe,
      },
      mayServe: () => mayServe,
    });
  }

  beforeEach(() => {
    [working, log, mayServe, load.waiting] = [new Map(), [], true, 0];
    [time, tasks, maker, metrics] = [new ManualTimers(), new ManualTasks(), new CallMaker(), new MetricRegistry()];
    begin();
  });

  function receive(name: string, method = 'work', wishes: CallWishes = {}): Call {
    const call = maker.make(path, { args: [name], handler: handlerOf(method), ...wishes });
    loop.receive(call.request);
    return call;
  }

  async function finish(name: string): Promise<void> {
    log.push(`-${name}`);
    working.get(name)?.resolve(name);
    await moment();
  }

  const turns = () => log.filter((line) => /^[+-]/.test(line)).join(' ');

  it('gives requests their turns one at a time, in the order of their arrival', async () => {
    for (const name of ['a', 'b', 'c']) receive(name);
    expect([turns(), loop.running, loop.waiting, load.waiting]).to.deep.equal(['+a', 1, 2, 2]);
    for (const name of ['a', 'b', 'c']) await finish(name);
    expect(turns()).to.equal('+a -a +b -b +c -c');
    expect(maker.log).to.deep.equal(['1 got a', '2 got b', '3 got c']);
    expect([loop.running, load.waiting, log.at(-1)]).to.deep.equal([0, 0, 'quiet']);
  });

  it('lets turns that change nothing overlap each other, and those that interleave overlap all', async () => {
    receive('a', 'read');
    receive('b', 'read');
    receive('c');
    receive('d', 'read');
    receive('e', 'peek');
    expect(turns()).to.equal('+a +b +e');
    await finish('a');
    await finish('b');
    expect(turns()).to.equal('+a +b +e -a -b +c');
    await finish('c');
    expect(turns()).to.equal('+a +b +e -a -b +c -c +d');
  });

  it('starts nothing while its actor is not active, and everything that has waited when it is', () => {
    owner.isActive = false;
    receive('a');
    const taken = receive('b', 'work', { expects: 'arrival' });
    expect([turns(), maker.log]).to.deep.equal(['', []]);
    owner.isActive = true;
    loop.start();
    expect(turns()).to.equal('+a');
    expect(maker.log).to.deep.equal([`${taken.correlation} got undefined`]);
  });

  it('starts nothing while its node must not serve', () => {
    mayServe = false;
    receive('a');
    expect([turns(), log]).to.deep.equal(['', ['the node must not serve']]);
  });

  it('starts no turn for a call that nobody waits for, or whose time is over', async () => {
    receive('a');
    const cancelled = receive('b');
    receive('c', 'work', { deadline: 50 });
    receive('d');
    cancelled.cancel(undefined);
    time.pass(60);
    await finish('a');
    expect(turns()).to.equal('+a -a +d');
    expect(maker.log).to.include('3 failed with CALL_TIMEOUT');
  });

  it('refuses what finds the mailbox full, or the oldest in its place where the class says so', async () => {
    begin({ capacity: 2 });
    for (const name of ['a', 'b', 'c', 'd']) receive(name);
    expect(maker.log).to.deep.equal(['4 failed with MAILBOX_FULL']);
    expect(metrics.bind(TURN_METRICS).overflowed.value).to.equal(1);
    begin({ capacity: 2, overflow: 'drop-oldest' });
    for (const name of ['e', 'f', 'g', 'h']) receive(name);
    expect(maker.log.at(-1)).to.equal('6 failed with MAILBOX_FULL');
    await finish('e');
    await finish('g');
    expect(turns().endsWith('+e -e +g -g +h')).to.equal(true);
  });

  it('finds room in the place of those whose time is over', () => {
    begin({ capacity: 1 });
    receive('a');
    receive('b', 'work', { deadline: 50 });
    time.pass(60);
    receive('c');
    expect(maker.log).to.deep.equal(['2 failed with CALL_TIMEOUT']);
    expect(loop.waiting).to.equal(1);
  });

  it('refuses a call that waits for itself, and lets one pass that its turn waits for where that may overlap', () => {
    const scope = {
      deadline: 1_000,
      chain: [path],
      values: undefined,
      id: 't',
      actor: 'spec/Account/a',
      isOver: false,
      openCalls: undefined,
      looseCalls: undefined,
    };
    receive('a');
    receive('b', 'work', { scope });
    expect(maker.log).to.deep.equal(['2 failed with CALL_DEADLOCK']);
    begin({ reentrant: 'call-chain' });
    receive('c');
    receive('d', 'work', { scope });
    receive('e');
    expect(turns()).to.equal('+a +c +d');
  });

  it('lets only those turns begin that others wait for when its activation is ending', async () => {
    receive('a');
    owner.isEnding = true;
    receive('b');
    receive('c', 'peek');
    expect(turns()).to.equal('+a');
    await finish('a');
    expect(turns()).to.equal('+a -a');
    loop.rejectAll({ why: 'the activation has ended' });
    expect(maker.log).to.deep.equal(['1 got a', '2 was rejected', '3 was rejected']);
  });

  it('answers a call of a method that is no handler', () => {
    receive('a', 'sleep');
    expect(maker.log).to.deep.equal(['1 failed with UNKNOWN_HANDLER']);
    expect(loop.running).to.equal(0);
  });

  it('lets the next turn begin when one has failed', async () => {
    receive('a');
    receive('b');
    working.get('a')?.reject(new TypeError('no'));
    await moment();
    expect(turns()).to.equal('+a +b');
    expect(maker.log).to.deep.equal(['1 failed with TypeError: no']);
  });

  it('waits for the event loop when turns have followed each other for a quantum', async () => {
    receive('a');
    time.at += 30;
    await finish('a');
    receive('b');
    time.at += 90;
    await finish('b');
    receive('c');
    receive('d', 'peek');
    expect(turns()).to.equal('+a -a +b -b +c');
    tasks.turn();
    expect(turns()).to.equal('+a -a +b -b +c +d');
  });

  it('knows the turns that a call waits for, and takes out one that waits', () => {
    const [first, second] = [receive('a'), receive('b')];
    expect(loop.turnsFor(first.call).map(({ request }) => request)).to.deep.equal([first.request]);
    expect(loop.turnsFor(second.call).map(({ request }) => request)).to.deep.equal([first.request]);
    expect(loop.turnsFor('nobody')).to.deep.equal([]);
    expect(loop.takeOut(second.call)).to.equal(second.request);
    expect([loop.takeOut(second.call), loop.waiting]).to.deep.equal([undefined, 0]);
  });

  it('runs hooks as turns of their own, and tells of calls that one has left behind', async () => {
    const ended = new Deferred<void>();
    const hook = loop.runHook('onActivate', 100, () => ended.promise);
    expect(loop.current?.request).to.include({ method: 'onActivate', deadline: 100 });
    ended.resolve();
    await hook;
    expect(loop.current).to.equal(undefined);
  });

  it('has been idle since its last turn ended', async () => {
    receive('a');
    time.pass(40);
    expect(loop.idleMs).to.equal(0);
    await finish('a');
    time.pass(30);
    expect(loop.idleMs).to.equal(30);
  });
});

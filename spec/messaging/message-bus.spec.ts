import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { expect } from 'chai';
import type { CallFilter } from '../../lib/actor/call-filter';
import { STATIC } from '../../lib/addressing/static-addressing';
import type { Call } from '../../lib/calls/call';
import { DEFAULT_MESSAGING_OPTIONS } from '../../lib/calls/messaging-options';
import { OpenCalls } from '../../lib/calls/open-calls';
import { PendingCalls } from '../../lib/calls/pending-calls';
import { ReferencePort } from '../../lib/calls/reference-port';
import type { CallScope } from '../../lib/calls/request';
import { LocalNode } from '../../lib/identity/local-node';
import { MessageBus, type MessageBusParts } from '../../lib/messaging/message-bus';
import type { RemoteRequest } from '../../lib/messaging/remote-request';
import { MetricRegistry } from '../../lib/observability/metric-registry';
import { SenderOrder } from '../../lib/ordering/sender-order';
import { codeOf, failureOf } from '../activation/cluster-fixture';
import { handlerOf, invocationOf, localNode } from '../calls/call-fixture';
import { ManualTimers } from '../scheduling/manual-timers';

const path = 'spec/Account/alice';
const witness = { epoch: 0, turn: 1, version: 0 };
const location = { actor: path, activation: 'n3#3/1', node: { name: 'n3', incarnation: 3 }, address: 'n3:1' };

function scopeOf(more: Partial<CallScope> = {}): CallScope {
  return {
    deadline: 500,
    chain: ['spec/Bank/b'],
    values: undefined,
    id: 'turn',
    actor: 'spec/Bank/b',
    isOver: false,
    openCalls: undefined,
    looseCalls: undefined,
    ...more,
  };
}

describe('The message bus', () => {
  let bus: MessageBus;
  let time: ManualTimers;
  let pending: PendingCalls;
  /** Calls that were given to the router. */
  let routed: Call[];
  let log: string[];
  const last = () => routed.at(-1) as Call;

  function make(more: Partial<MessageBusParts> = {}): MessageBus {
    const parts: MessageBusParts = {
      local: localNode('n1'),
      membership: { reachesStore: true },
      router: {
        route: (call: Call) => routed.push(call),
        cancel: ({ correlation }: Call) => log.push(`${correlation} is cancelled there`),
        sendOn: ({ correlation }: Call) => log.push(`${correlation} is sent on`),
      } as unknown as MessageBusParts['router'],
      restraint: { isActive: false } as MessageBusParts['restraint'],
      pending,
      order: new SenderOrder(),
      known: {
        onRejected: (_actor: string, to: typeof location | undefined) =>
          log.push(`it is on ${to?.node.name ?? 'none'}`),
        addressOf: () => 'n2:1',
      } as unknown as MessageBusParts['known'],
      time,
      random: new Xoshiro128(1),
      events: { enabled: false } as MessageBusParts['events'],
      options: { ...DEFAULT_MESSAGING_OPTIONS, callTimeoutMs: 1_000, maxPendingCalls: 3 },
      references: new ReferencePort(),
      refusals: { note: (what: string) => log.push(what) } as unknown as MessageBusParts['refusals'],
      metrics: new MetricRegistry(),
      limits: { objectionToAnswer: () => undefined } as unknown as MessageBusParts['limits'],
      filters: [],
      ...more,
    };
    return new MessageBus(parts);
  }

  beforeEach(() => {
    [routed, log] = [[], []];
    time = new ManualTimers();
    pending = new PendingCalls(time, { onGone: () => undefined, onMissed: () => undefined });
    bus = make();
    bus.start();
  });

  it('takes no calls before it was started, and none after its end, of which it tells the reason', async () => {
    const early = make({ local: new LocalNode('node', 'spec', 'n1') });
    expect(await failureOf(early.call(invocationOf(path)))).to.include({ code: 'RUNTIME_NOT_READY' });
    bus.end('the node was fenced', 'Wait for another one.');
    const late = await failureOf(bus.call(invocationOf(path)));
    expect(late.message).to.contain('The call work of spec/Account/alice was refused: the node was fenced');
    expect(late).to.include({ remedy: 'Wait for another one.' });
    expect(() => bus.send(invocationOf(path))).to.throw('the node was fenced');
    expect(routed).to.deep.equal([]);
  });

  it('cannot be started when its node has ended before that', () => {
    const fenced = make();
    fenced.end('it was declared dead');
    expect(() => fenced.start()).to.throw('it was declared dead');
  });

  it('ends all calls that wait when it ends', async () => {
    const waiting = failureOf(bus.call(invocationOf(path)));
    bus.stop();
    expect(await waiting).to.include({ code: 'RUNTIME_NOT_READY', executed: 'no' });
    expect([bus.state, pending.size, time.timers]).to.deep.equal(['stopped', 0, 0]);
  });

  it('gives a call arguments of its own, and its caller the answer', async () => {
    const amounts = [1, 2];
    const answer = bus.call(invocationOf(path, { args: [amounts] }));
    amounts.push(3);
    expect(last().request.args).to.deep.equal([[1, 2]]);
    last().value('done', witness);
    last().value('again', witness);
    expect(await answer).to.equal('done');
    expect(pending.size).to.equal(0);
  });

  it('gives a call the time that it asks for, its handler allows, or the process, and no more than its turn has', () => {
    const deadlineOf = (...wishes: Parameters<typeof invocationOf>) => {
      const limited = make({ options: { ...DEFAULT_MESSAGING_OPTIONS, callTimeoutMs: 1_000 } });
      limited.start();
      limited.call(invocationOf(...wishes)).catch(() => undefined);
      return last().deadline;
    };
    const handler = handlerOf('work', { options: { timeoutMs: 300 } });
    expect(deadlineOf(path)).to.equal(1_000);
    expect(deadlineOf(path, { handler })).to.equal(300);
    expect(deadlineOf(path, { handler, options: { timeoutMs: 700 } })).to.equal(700);
    expect(deadlineOf(path, { options: { timeoutMs: 700 }, scope: scopeOf() })).to.equal(500);
  });

  it('ends a call at its deadline', async () => {
    const late = failureOf(bus.call(invocationOf(path, { options: { timeoutMs: 20 } })));
    time.pass(19);
    expect(pending.size).to.equal(1);
    time.pass(1);
    expect(await late).to.include({ code: 'CALL_TIMEOUT', executed: 'no' });
  });

  it('hands on the chain and the context of the turn, and keeps the call among those that the turn waits for', () => {
    const scope = scopeOf({ values: { trace: 't1' } });
    void bus.call(invocationOf(path, { scope, options: { context: { who: 'me' } } }));
    expect(last().request.chain).to.deep.equal(['spec/Bank/b']);
    expect(last().request.values).to.deep.equal({ trace: 't1', who: 'me' });
    expect(scope.openCalls?.all).to.deep.equal([last()]);
    last().value('done', witness);
    expect(scope.openCalls?.length).to.equal(0);
  });

  it('refuses a call that would wait for itself, unless its handler may come back', async () => {
    const scope = scopeOf({ chain: [path, 'spec/Bank/b'] });
    expect(await codeOf(bus.call(invocationOf(path, { scope })))).to.equal('CALL_DEADLOCK');
    void bus.call(invocationOf(path, { scope, handler: handlerOf('work', { mayReenter: true }) }));
    expect(routed).to.have.length(1);
  });

  it('refuses calls when too many wait, and does nothing for them before', async () => {
    const waiting = [1, 2, 3].map(() => failureOf(bus.call(invocationOf(path))));
    expect(await codeOf(bus.call(invocationOf(path)))).to.equal('TOO_MANY_PENDING_CALLS');
    expect(routed).to.have.length(3);
    bus.stop();
    await Promise.all(waiting);
  });

  it('ends a call whose signal has aborted before it is on its way, and tells the node of one that is', async () => {
    const aborted = AbortSignal.abort(new Error('too late'));
    expect(await codeOf(bus.call(invocationOf(path, { options: { signal: aborted } })))).to.equal('CALL_CANCELLED');
    expect(routed).to.deep.equal([]);
    const controller = new AbortController();
    const cancelled = codeOf(bus.call(invocationOf(path, { options: { signal: controller.signal } })));
    controller.abort();
    expect(await cancelled).to.equal('CALL_CANCELLED');
    expect(log.at(-1)).to.equal('2 is cancelled there');
  });

  it('sends a rejected call on as often as it may be forwarded, and not at all what cannot be served elsewhere', async () => {
    const failed = codeOf(bus.call(invocationOf(path)));
    const rejection = { why: 'the actor is elsewhere', location };
    last().reject(rejection);
    last().reject({ ...rejection, isForNext: true });
    last().reject({ why: 'the node is stopping' });
    expect(log).to.deep.equal([
      'it is on n3',
      '1 is sent on',
      'it is on n3',
      '1 is sent on',
      'it is on none',
      '1 is sent on',
    ]);
    last().reject(rejection);
    expect(await failed).to.equal('TOO_MANY_FORWARDS');
    const fixed = codeOf(bus.call(invocationOf('spec/Pulse', { addressing: STATIC })));
    last().reject(rejection);
    expect(await fixed).to.equal('TOO_MANY_FORWARDS');
  });

  it('expects nothing of a message that is sent, but tells when it was dropped', () => {
    const scope = scopeOf({ openCalls: new OpenCalls(), values: { trace: 't1' } });
    bus.send(invocationOf(path, { scope }));
    expect(last().request).to.include({ isOneWay: true, deadline: 1_000 });
    expect(last().request.values, 'what was said of the request').to.deep.equal({ trace: 't1' });
    expect(last().request.chain).to.deep.equal([]);
    expect([pending.size, scope.openCalls?.length]).to.deep.equal([0, 0]);
    last().error(new Error('nowhere'));
    expect([log, bus.counters.dropped.value]).to.deep.equal([['a one-way message was dropped'], 1]);
  });

  it('is answered when a mailbox has taken a message of $trySend, and tells when no turn comes of it', async () => {
    const taken = bus.trySend(invocationOf(path));
    last().value(undefined, witness);
    await taken;
    expect(last().abandoned).to.equal(false);
    last().error(new Error('the actor cannot be activated'));
    expect(log).to.deep.equal(['a one-way message was dropped']);
  });

  it('lets calls through its filters, which may change or refuse them', async () => {
    const filter: CallFilter = ({ args }, next) => {
      if (args.length === 0) throw new Error('nothing to do');
      return next({ args: ['changed'], context: { seen: true } });
    };
    const filtered = make({ filters: [filter] });
    filtered.start();
    expect((await failureOf(filtered.call(invocationOf(path)))).message).to.equal('nothing to do');
    const answer = filtered.call(invocationOf(path, { args: ['now'] }));
    expect(last().request).to.deep.include({ args: ['changed'], values: { seen: true } });
    last().value('done', witness);
    expect(await answer).to.equal('done');
    filtered.send(invocationOf(path));
    await new Promise((noticed) => setImmediate(noticed));
    expect(log).to.deep.equal(['a one-way message was dropped']);
  });

  it('forwards what was received for others with what was said about it, while there is time and not too often', () => {
    const received = { method: 'work', deadline: 900, args: ['now'], values: { trace: 't' }, call: 'n2#2:7' };
    const invocation = invocationOf(path);
    const request = { ...received, target: invocation.target.id } as unknown as RemoteRequest;
    bus.passOn(invocation, request, 1);
    expect(last().request).to.deep.include({ args: ['now'], values: { trace: 't' }, deadline: 900, hops: 1 });
    expect(last().request.isOneWay).to.equal(true);
    bus.passOn(invocation, request, 4);
    time.at = 900;
    bus.passOn(invocation, request, 1);
    bus.stop();
    bus.passOn(invocation, request, 1);
    expect([routed.length, bus.counters.dropped.value]).to.deep.equal([1, 3]);
  });

  it('knows the numbers of the calls that it has made', () => {
    void bus.call(invocationOf(path));
    expect([0, 1, 2, 0.5].map((number) => bus.hasMade(number))).to.deep.equal([false, true, false, false]);
  });

  it('takes calls as soon as its node has joined: others call its actors then, which call others', async () => {
    const local = new LocalNode('node', 'spec', 'n1');
    const starting = make({ local });
    expect(await codeOf(starting.call(invocationOf(path)))).to.equal('RUNTIME_NOT_READY');
    local.join({ name: 'n1', incarnation: 1 });
    const answer = starting.call(invocationOf(path));
    last().value('done', witness);
    expect(await answer).to.equal('done');
    starting.stop();
    expect(await codeOf(starting.call(invocationOf(path)))).to.equal('RUNTIME_NOT_READY');
  });
});

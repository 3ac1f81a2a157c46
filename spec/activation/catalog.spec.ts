import { expect } from 'chai';
import type { Addressing } from '../../lib/addressing/addressing';
import { STATIC } from '../../lib/addressing/static-addressing';
import { VIRTUAL } from '../../lib/addressing/virtual-addressing';
import { workerAddressing } from '../../lib/addressing/worker-addressing';
import { DEFAULT_ACTIVATION_OPTIONS } from '../../lib/activation/activation-options';
import { ActivationTable } from '../../lib/activation/activation-table';
import { Catalog, type CatalogParts } from '../../lib/activation/catalog';
import type { Call } from '../../lib/calls/call';
import { DeliveryPort } from '../../lib/calls/request';
import { quietBuggify } from '../../lib/chaos/buggify';
import { Deferred } from '../../lib/concurrency/deferred';
import { MemoryDirectory } from '../../lib/directory/memory-directory';
import { MigrationPort } from '../../lib/migration/migration-port';
import type { ActorDescriptor, HandlerDescriptor } from '../../lib/metadata/actor-descriptor';
import { MetricRegistry } from '../../lib/observability/metric-registry';
import type { DurableOwner } from '../../lib/turns/durable-state';
import { NOTHING_DURABLE } from '../../lib/turns/nothing-durable';
import { CallMaker, handlerOf, localNode, type CallWishes } from '../calls/call-fixture';
import { ManualTimers } from '../scheduling/manual-timers';

const alice = 'spec/Account/alice';

/** Lets promises that are settled be noticed. */
const moment = () => new Promise((done) => setImmediate(done));

describe('The catalog of activations', () => {
  let catalog: Catalog;
  let time: ManualTimers;
  let maker: CallMaker;
  let port: DeliveryPort;
  let directory: MemoryDirectory;
  let activations: ActivationTable;
  let log: string[];
  let stored: DurableOwner[];
  let isLeaseHeld: boolean;
  /** Handlers that are at work, by their first argument. */
  let working: Map<string, Deferred<unknown>>;

  function descriptorOf(name: string, addressing: Addressing): ActorDescriptor {
    const invoke: HandlerDescriptor['invoke'] = (_instance, [work]) => {
      log.push(String(work));
      const done = new Deferred<unknown>();
      working.set(String(work), done);
      return done.promise;
    };
    return {
      name,
      type: Object,
      options: { name },
      handlers: new Map([['work', handlerOf('work', { invoke })]]),
      states: [],
      journals: [],
      timers: [],
      reminders: new Map(),
      reentrant: false,
      overlap: 'none',
      addressing,
      dependencies: [],
    };
  }

  function parts(): CatalogParts {
    return {
      local: maker.local,
      router: {} as CatalogParts['router'],
      port,
      onDrained: () => void log.push('drained'),
      membership: { isLive: () => true, refresh: async () => undefined } as unknown as CatalogParts['membership'],
      activations,
      lease: {
        get held() {
          return isLeaseHeld;
        },
      } as CatalogParts['lease'],
      directory,
      locator: {} as CatalogParts['locator'],
      durable: {
        open: (owner) => {
          stored.push(owner);
          return NOTHING_DURABLE;
        },
      },
      reminders: {} as CatalogParts['reminders'],
      references: {} as CatalogParts['references'],
      serializer: {} as CatalogParts['serializer'],
      destinations: { hasAny: async () => false } as unknown as CatalogParts['destinations'],
      departures: {} as CatalogParts['departures'],
      migrations: new MigrationPort(),
      time,
      tasks: {
        spawn: (_name: string, work: () => Promise<void>) => void work(),
        defer: (callback: () => void) => void setImmediate(callback),
      } as unknown as CatalogParts['tasks'],
      random: { uint32: () => 1 } as CatalogParts['random'],
      buggify: quietBuggify,
      events: { enabled: false } as CatalogParts['events'],
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      refusals: { note: (what: string) => log.push(what) } as unknown as CatalogParts['refusals'],
      metrics: new MetricRegistry(),
      options: DEFAULT_ACTIVATION_OPTIONS,
      filters: [],
      tracksTurns: false,
    };
  }

  beforeEach(() => {
    [log, stored, working, isLeaseHeld] = [[], [], new Map(), true];
    time = new ManualTimers();
    maker = new CallMaker(localNode('n1'));
    [port, directory, activations] = [new DeliveryPort('spec'), new MemoryDirectory(), new ActivationTable()];
    catalog = new Catalog(parts());
    const plain = { wantsContext: false, construct: () => ({}) };
    catalog.host(descriptorOf('Account', VIRTUAL), plain);
    catalog.host(descriptorOf('Worker', workerAddressing(2)), plain);
    catalog.host(descriptorOf('Pulse', STATIC), plain);
    const broken = (): object => {
      throw new RangeError('no room');
    };
    catalog.host(descriptorOf('Broken', VIRTUAL), { wantsContext: false, construct: broken });
    catalog.start();
  });
  afterEach(() => catalog.dropAll({ code: 'shutting-down', description: 'the spec is over' }));

  async function call(work: string, path = alice, wishes: CallWishes = {}): Promise<Call> {
    const made = maker.make(path, { args: [work], ...wishes });
    port.deliver(made.request);
    await moment();
    return made;
  }

  it('activates an actor at its first call, registers it, and has it serve those that follow', async () => {
    await call('a');
    await call('b');
    expect([log, catalog.size, stored.map(({ stateKey }) => stateKey)]).to.deep.equal([['a'], 1, [alice]]);
    expect((await directory.lookup(alice))?.node).to.deep.equal({ name: 'n1', incarnation: 1 });
    working.get('a')?.resolve('done');
    await moment();
    expect([log, maker.log]).to.deep.equal([['a', 'b'], ['1 got done']]);
    expect([port.has(alice), port.idOf(alice).key]).to.deep.equal([true, 'alice']);
  });

  it('sends calls back with the place of an actor that is registered elsewhere, and runs nothing', async () => {
    const elsewhere = { actor: alice, activation: 'n2#2/1', node: { name: 'n2', incarnation: 2 }, address: 'n2:1' };
    await directory.register(elsewhere);
    await call('a');
    expect([log, maker.log, catalog.size]).to.deep.equal([[], ['1 was rejected'], 0]);
  });

  it('makes as many activations of a stateless worker as there may be, registers none, and lets the least busy take the rest', async () => {
    const worker = 'spec/Worker/w';
    for (const work of ['a', 'b', 'c']) await call(work, worker);
    expect([log, catalog.size]).to.deep.equal([['a', 'b'], 2]);
    expect(await directory.lookup(worker)).to.equal(undefined);
    expect(port.has(worker)).to.equal(false);
    working.get('b')?.resolve('done');
    working.get('a')?.resolve('done');
    await moment();
    expect(log).to.deep.equal(['a', 'b', 'c']);
  });

  it('gives a static actor a state of its own on each node', async () => {
    await call('a', 'spec/Pulse');
    expect(stored.map(({ stateKey }) => stateKey)).to.deep.equal(['spec/Pulse@n1']);
  });

  it('refuses what no class of this node is for, and keys where there are none', async () => {
    await call('a', 'spec/Accuont/alice');
    await call('b', 'spec/Pulse/p');
    await call('c', 'other/Account/alice');
    expect(maker.log).to.deep.equal([
      '1 failed with UNKNOWN_ACTOR',
      '2 failed with INVALID_ACTOR_ID',
      '3 failed with FOREIGN_NAMESPACE',
    ]);
  });

  it('activates nobody while the node has no lease', async () => {
    isLeaseHeld = false;
    await call('a');
    expect([maker.log, catalog.size, stored]).to.deep.equal([['1 was rejected'], 0, []]);
  });

  it('holds off for a while from an actor that could not be activated', async () => {
    await call('a', 'spec/Broken/b');
    await call('b', 'spec/Broken/b');
    expect(maker.log).to.deep.equal(['1 failed with ACTIVATION_FAILED', '2 failed with ACTIVATION_FAILED']);
    expect(stored).to.have.length(1);
    expect(await directory.lookup('spec/Broken/b')).to.equal(undefined);
    time.pass(DEFAULT_ACTIVATION_OPTIONS.failureHoldMs + 1);
    await call('c', 'spec/Broken/b');
    expect(stored).to.have.length(2);
  });

  it('lets actors go that nobody has used for a while', async () => {
    await call('a');
    time.pass(DEFAULT_ACTIVATION_OPTIONS.idleTimeoutMs);
    expect(catalog.size).to.equal(1);
    working.get('a')?.resolve('done');
    await moment();
    time.pass(DEFAULT_ACTIVATION_OPTIONS.idleTimeoutMs);
    await moment();
    time.pass(DEFAULT_ACTIVATION_OPTIONS.collectionIntervalMs);
    await moment();
    expect(catalog.size).to.equal(0);
    expect(await directory.lookup(alice)).to.equal(undefined);
  });

  it('ends activations after their turns when the node shuts down, and rejects what waits', async () => {
    await call('a');
    await call('b');
    const stopped = catalog.stop();
    await call('c');
    working.get('a')?.resolve('done');
    await stopped;
    expect([log, catalog.size]).to.deep.equal([['a', 'drained'], 0]);
    expect(maker.log).to.have.members(['1 got done', '2 was rejected', '3 was rejected']);
    await call('d');
    expect(maker.log.at(-1)).to.equal('4 was rejected');
  });

  it('cuts off what takes longer than a drain may', async () => {
    await call('a');
    const stopped = catalog.stop();
    time.pass(DEFAULT_ACTIVATION_OPTIONS.drainLimitMs);
    await stopped;
    expect([log, catalog.size]).to.deep.equal([['a', 'a turn takes long, and the shutdown waits for it'], 0]);
  });

  it('tells what is active, for people', async () => {
    await call('a');
    await call('b');
    await call('c', 'spec/Pulse');
    expect(catalog.describe()).to.deep.include({ waiting: 1 });
    expect(catalog.figures).to.include({ waiting: 1, underWay: 2 });
  });
});

import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorJournal,
  ActorRuntime,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Journal,
  JournalEvent,
  Logger,
  Persist,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import {
  ActorDirectory,
  EventSinks,
  HealthChecks,
  InspectionPages,
  MembershipStore,
  ObservedMetrics,
  PlacementStrategy,
  Serializer,
  StateStorage,
  type HealthCheck,
} from 'moonpool/modules';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';
import { MemoryDirectory } from '../../lib/directory/memory-directory';
import { messageOf } from '../../lib/errors/thrown-value';
import { metric } from '../../lib/observability/metric';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { MemoryStorage } from '../../lib/storage/memory-storage';

class Count {
  n = 0;
}
@JournalEvent({ name: 'bound-counted' })
class Counted {
  by = 1;
}
class Total {
  n = 0;
  apply(event: Counted): void {
    this.n += event.by;
  }
}

@Actor({ name: 'Bound', persist: 'after-turn' })
class Bound {
  @Persist(Count) readonly state!: ActorState<Count>;
  @Journal(Total, { events: [Counted] }) readonly journal!: ActorJournal<Total>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler({ idempotent: true }) async add(by: number): Promise<number> {
    this.journal.emit(new Counted());
    return (this.state.value.n += by);
  }
  @Handler() async read(): Promise<number> {
    return this.state.value.n;
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
}

type Call = () => unknown;

/** As what is thrown, which the linter would have be an error. */
const NULL: unknown = null;

/** What somebody's code may do that breaks the contract, by what that is. */
const BREACHES: Readonly<Record<string, (proper: Call) => unknown>> = {
  'throws at once': () => {
    throw new Error('broken');
  },
  'throws null': () => {
    throw NULL;
  },
  'throws a revoked proxy': () => {
    throw revoked();
  },
  'returns a revoked proxy': () => revoked(),
  'returns a promise that fails': async () => Promise.reject(new Error('broken later')),
  'returns a promise that fails with null': async () => Promise.reject(null),
  'returns a promise of what is due': async (proper) => {
    await moment(1);
    return proper();
  },
  'returns nothing': () => undefined,
  'returns a promise of nothing': async () => undefined,
  'returns a promise of what is of another kind': async () => 5,
  'returns what is of another kind': () => 'text',
  'returns a promise that never settles': () => new Promise(() => undefined),
};

const SEAMS: Readonly<Record<string, readonly string[]>> = {
  Serializer: ['write', 'read'],
  StateStorage: [
    'claim',
    'commit',
    'read',
    'list',
    'count',
    'history',
    'answer',
    'deliver',
    'due',
    'settle',
    'deliveries',
    'forget',
  ],
  ActorDirectory: ['lookup', 'register', 'unregister'],
  MembershipStore: ['read', 'join', 'renew', 'changeStatus'],
  PlacementStrategy: ['choose'],
  Logger: ['info', 'warn', 'error'],
  EventSinks: ['record'],
  HealthCheck: ['check'],
  InspectionPage: ['read'],
  ObservedMetric: ['read'],
};

type Cluster = Readonly<Record<'node' | 'client' | 'leaving', ActorRuntime>>;

/** A cluster, what is bound in it, and which method of that breaks its contract at present. */
class Breakable {
  breach: { readonly where: string; readonly how: (proper: Call) => unknown } | undefined;
  readonly options: StartOptions;

  constructor() {
    const storage = this.around('StateStorage', new MemoryStorage(Date.now));
    const directory = this.around('ActorDirectory', new MemoryDirectory());
    const members = this.around('MembershipStore', Object.assign(new MemoryMembershipStore(), { shared: true }));
    const placement = this.around<PlacementStrategy>('PlacementStrategy', { choose: (_actor, [first]) => first });
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const check: HealthCheck = { name: 'own', decides: 'ready', check: () => undefined };
    const observed = { definition: metric.gauge('own', '1', 'Own.'), read: () => 1 };
    const parts: ContainerModule = {
      name: 'parts',
      load: (bind, contribute) => {
        bind(StateStorage).toFactory([], () => storage);
        bind(ActorDirectory).toFactory([], () => directory);
        bind(MembershipStore).toFactory([], () => members);
        bind(Serializer).toFactory([], () => this.around('Serializer', new JsonSerializer()));
        bind(PlacementStrategy).toFactory([], () => placement);
        bind(Logger).toFactory([], () => this.around<Logger>('Logger', silent));
        contribute(EventSinks, this.around('EventSinks', { record: () => undefined }));
        contribute(HealthChecks, this.around('HealthCheck', check));
        contribute(InspectionPages, this.around('InspectionPage', { key: 'own', read: () => 1 }));
        contribute(ObservedMetrics, this.around('ObservedMetric', observed));
      },
    };
    this.options = {
      namespace: 'spec',
      actors: [Bound],
      modules: [parts],
      inProcess: false,
      lease: { ttlMs: 1_500 },
      activation: { failureHoldMs: 0, drainLimitMs: 300, activationLimitMs: 300, deactivationLimitMs: 300 },
      messaging: { callTimeoutMs: 400 },
    };
  }

  private around<T extends object>(name: string, proper: T): T {
    return new Proxy(proper, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const call = (): unknown => Reflect.apply(value as (...given: unknown[]) => unknown, target, args);
          return this.breach?.where === `${name}.${String(key)}` ? this.breach.how(call) : call();
        };
      },
    });
  }

  /** What everybody is told who asks while the contract is broken. */
  async ask(node: ActorRuntime, client: ActorRuntime): Promise<readonly unknown[]> {
    const asked = [
      ...[node, client].flatMap((runtime, at) => [
        runtime.actor(Bound, `new${at}`).$with({ idempotencyKey: 'k' }).add(1),
        runtime.actor(Bound, 'bystander').read(),
        runtime.actor(Bound, `sent${at}`).$deliver.add(1),
      ]),
      node.health(),
      node.actor(Bound, 'bystander').leave(),
    ];
    // What asks the store alone lasts for as long as that does.
    const read = [all(node.actors(Bound)), all(node.deadLetters())].map((items) => within(400, items));
    node.inspect();
    return Promise.all([...asked, ...read].map(outcomeOf));
  }

  async run(what: string, where: string, how: (proper: Call) => unknown): Promise<void> {
    const node = await ActorRuntime.start({ ...this.options, name: 'n1' });
    const client = await ActorRuntime.connect(this.options);
    const leaving = await ActorRuntime.start({ ...this.options, name: 'n2' });
    try {
      await this.disturb(what, { where, how }, { node, client, leaving });
    } finally {
      this.breach = undefined;
      for (const runtime of [client, leaving, node]) await runtime.shutdown();
    }
  }

  private async disturb(what: string, breach: Breakable['breach'], { node, client, leaving }: Cluster): Promise<void> {
    for (const runtime of [node, client]) await runtime.actor(Bound, 'bystander').add(1);
    this.breach = breach;
    const outcomes = await within(3_000, this.ask(node, client));
    expect(outcomes, `${what}: somebody got no answer`).not.to.equal('too late');
    await moment(600);
    // It waits for the store as long as its lease lasts, once when it leaves and once when it ends.
    expect(await within(5_000, outcomeOf(leaving.shutdown())), `${what}: a shutdown`).not.to.equal('too late');
    this.breach = undefined;
    for (const runtime of [node, client])
      expect(await until(2, () => runtime.actor(Bound, 'bystander').read()), `${what}: afterwards`).to.equal(2);
  }
}

describe('Whoever breaks the contract of what is bound', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
    process.on('uncaughtException', note);
  });
  afterEach(() => {
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
  });

  for (const [seam, methods] of Object.entries(SEAMS))
    for (const method of methods)
      it(`in ${method} of ${seam}, ends no node, hangs no call and disturbs nobody else`, async () => {
        const where = `${seam}.${method}`;
        await Promise.all(Object.entries(BREACHES).map(([what, how]) => new Breakable().run(what, where, how)));
        await moment(1);
        expect(unhandled).to.deep.equal([]);
      }).timeout(30_000);
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function moment(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function within(limitMs: number, promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise, moment(limitMs).then(() => 'too late')]);
}

async function until(wanted: unknown, ask: () => Promise<unknown>): Promise<unknown> {
  let outcome: unknown;
  for (let attempt = 0; outcome !== wanted && attempt < 40; attempt++) {
    if (attempt > 0) await moment(50);
    outcome = await outcomeOf(ask());
  }
  return outcome;
}

async function all(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of items) count++;
  return count;
}

/** The answer, or what the error says; what is read from the store alone may throw what that throws. */
async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return (await promise) ?? null;
  } catch (error) {
    return isMoonpoolError(error) ? `${error.code}/${error.executed}` : `an error: ${messageOf(error)}`;
  }
}

import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  ActorState,
  Handler,
  inject,
  Logger,
  memory,
  Persist,
  StatelessWorker,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import { describeActors } from '../../lib/metadata/discovery';
import { DirectoryAgreement } from '../../lib/simulation/invariants/activations/directory-agreement';
import { SingleActivation } from '../../lib/simulation/invariants/activations/single-activation';
import { verdictOf } from '../simulation/invariants/history-fixture';
import { eventually } from './cluster-fixture';

let gates: (() => void)[] = [];
const ended: string[] = [];
let made = 0;
let failures = 0;

@StatelessWorker({ maxPerNode: 3 })
@Actor({ name: 'Resizer', idleTimeoutMs: 20 })
class Resizer {
  private readonly number = ++made;
  private calls = 0;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  async onActivate(): Promise<void> {
    if (failures-- > 0) throw new Error('not ready');
  }
  async onDeactivate(): Promise<void> {
    ended.push(`${this.number}`);
  }
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler() async who(): Promise<number> {
    return this.number;
  }
  @Handler() async wait(): Promise<{ worker: number; calls: number }> {
    const calls = ++this.calls;
    await new Promise<void>((open) => gates.push(open));
    return { worker: this.number, calls };
  }
  @Handler() async half(depth: number): Promise<number> {
    return depth === 0 ? 0 : 1 + (await this.context.actor(Resizer, this.context.key).half(depth - 1));
  }
}

@Actor({ name: 'Helper', statelessWorker: {} })
class Helper {
  @Handler() async wait(): Promise<void> {
    await new Promise<void>((open) => gates.push(open));
  }
}

@Actor({ name: 'Asker' })
class Asker {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async ask(): Promise<[string, string]> {
    return [this.context.node.name, await this.context.actor(Resizer, 'r').where()];
  }
}

const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

describe('A stateless worker', () => {
  let runtimes: ActorRuntime[] = [];
  let store: ContainerModule;
  const actors = [Resizer, Asker, Helper];
  const start = async (name: string, options: Partial<StartOptions> = {}): Promise<ActorRuntime> => {
    const runtime = await ActorRuntime.start({
      namespace: 'spec',
      name,
      actors,
      modules: [store, silent],
      inProcess: false,
      ...options,
    });
    runtimes.push(runtime);
    return runtime;
  };
  const connect = async (): Promise<ActorRuntime> => {
    const runtime = await ActorRuntime.connect({
      namespace: 'spec',
      actors,
      modules: [store, silent],
      inProcess: false,
    });
    runtimes.push(runtime);
    return runtime;
  };
  beforeEach(() => {
    store = memory();
    gates = [];
    ended.length = 0;
    made = 0;
    failures = 0;
  });
  afterEach(async () => {
    gates.splice(0).forEach((open) => open());
    for (const runtime of runtimes.reverse()) await runtime.shutdown();
    runtimes = [];
  });

  it('has one activation while that is enough', async () => {
    const worker = (await start('a')).actor(Resizer, 'r');
    for (let call = 0; call < 5; call++) expect(await worker.who()).to.equal(1);
  });

  it('gets another for each call that finds none free, up to its limit, and then the shortest queue', async () => {
    const worker = (await start('a')).actor(Resizer, 'r');
    const calls = Array.from({ length: 6 }, () => worker.wait());
    await eventually(() => gates.length === 3);
    expect(made).to.equal(3);
    gates.splice(0).forEach((open) => open());
    await eventually(() => gates.length === 3);
    gates.splice(0).forEach((open) => open());
    const answers = await Promise.all(calls);
    expect(answers.map(({ worker: number, calls: count }) => `${number}.${count}`).sort()).to.deep.equal([
      '1.1',
      '1.2',
      '2.1',
      '2.2',
      '3.1',
      '3.2',
    ]);
  });

  it('has eight on a node unless it says otherwise', async () => {
    const helper = (await start('a')).actor(Helper, 'h');
    const calls = Array.from({ length: 10 }, () => helper.wait());
    await eventually(() => gates.length === 8);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(gates).to.have.length(8);
    gates.splice(0).forEach((open) => open());
    await eventually(() => gates.length === 2);
    gates.splice(0).forEach((open) => open());
    await Promise.all(calls);
  });

  it('is called on the node of the caller, and by a client on any', async () => {
    const [a, b] = [await start('a'), await start('b')];
    const client = await connect();
    expect([await a.actor(Resizer, 'r').where(), await b.actor(Resizer, 'r').where()]).to.deep.equal(['a', 'b']);
    for (let key = 0; key < 10; key++) {
      const [here, there] = await client.actor(Asker, key).ask();
      expect(there).to.equal(here);
    }
    const places = new Set<string>();
    for (let call = 0; call < 40; call++) places.add(await client.actor(Resizer, 'r').where());
    expect([...places].sort()).to.deep.equal(['a', 'b']);
  });

  it('is found on another node when the one that was chosen shuts down', async () => {
    const [a] = [await start('a'), await start('b')];
    const client = await connect();
    await a.shutdown();
    for (let call = 0; call < 10; call++) expect(await client.actor(Resizer, 'r').where()).to.equal('b');
  });

  it('may call itself as long as another one of it is free', async () => {
    const worker = (await start('a')).actor(Resizer, 'r');
    expect(await worker.half(2)).to.equal(2);
    const error = await worker.half(3).catch((caught: unknown) => caught as Error);
    expect(String(error)).to.contain('HANDLER_FAILED');
    expect(made).to.equal(3);
  });

  it('is let go when it is idle', async () => {
    const worker = (await start('a')).actor(Resizer, 'r');
    const calls = [worker.wait(), worker.wait()];
    await eventually(() => gates.length === 2);
    gates.splice(0).forEach((open) => open());
    await Promise.all(calls);
    await eventually(() => ended.length === 2);
    expect(await worker.who()).to.equal(3);
  });

  it('tells its caller when it could not be activated, and is tried again later', async () => {
    const node = await start('a');
    failures = 1;
    const error = await node
      .actor(Resizer, 'r')
      .who()
      .catch((caught: unknown) => caught);
    expect(error).to.include({ code: 'ACTIVATION_FAILED', executed: 'no' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await node.actor(Resizer, 'r').who()).to.equal(2);
  });

  it('is counted by its class, and its queues by its path', async () => {
    const node = await start('a');
    const calls = Array.from({ length: 5 }, () => node.actor(Resizer, 'r').wait());
    await eventually(() => gates.length === 3);
    const { byType, longest } = node.inspect()['activations'] as unknown as {
      byType: object;
      longest: { actor: string }[];
    };
    expect(byType).to.deep.equal({ Resizer: 3 });
    expect(longest.map(({ actor }) => actor)).to.deep.equal(['spec/Resizer/r', 'spec/Resizer/r']);
    gates.splice(0).forEach((open) => open());
    await eventually(() => gates.length === 2);
    gates.splice(0).forEach((open) => open());
    await Promise.all(calls);
  });

  it('has no durable state, and a limit that is a positive number', () => {
    class Kept {}
    @StatelessWorker({ maxPerNode: 0 })
    @Actor({ name: 'Wrong' })
    class Wrong {
      @Persist(Kept) readonly state!: ActorState<Kept>;
      @Handler() async hello(): Promise<void> {}
    }
    expect(() => describeActors([Wrong]))
      .to.throw('maxPerNode of @StatelessWorker')
      .with.property('message')
      .that.contains('is a stateless worker and has @Persist');
  });

  it('is no breach of the invariants, which still see the same of virtual actors', () => {
    const lines = (prefix: string) =>
      [
        ['activate', { activation: `${prefix}a` }],
        ['activate', { activation: `${prefix}b` }, 'node2'],
        ['turn-start', { activation: `${prefix}a`, turn: 1 }],
        ['turn-start', { activation: `${prefix}b`, turn: 1 }, 'node2'],
      ] as const;
    expect(verdictOf(new SingleActivation(() => true), lines('worker:'))).to.equal(undefined);
    expect(verdictOf(new DirectoryAgreement(() => true), lines('worker:'))).to.equal(undefined);
    expect(verdictOf(new SingleActivation(() => true), lines(''))).to.contain('which holds its lease');
    expect(verdictOf(new DirectoryAgreement(() => true), lines(''))).to.contain('while the directory has none');
  });
});

import { expect } from 'chai';
import {
  Actor,
  ActorRuntime,
  Handler,
  Logger,
  memory,
  MoonpoolError,
  type ContainerModule,
  type StartOptions,
  type StartupTask,
} from 'moonpool';

@Actor({ name: 'Greeter' })
class Greeter {
  @Handler() async hello(): Promise<string> {
    return 'hello';
  }
}

/** The same name but for a letter, for a client that was written in haste. */
@Actor({ name: 'Greter' })
class Greter {
  @Handler() async hello(): Promise<string> {
    return 'hello';
  }
}

/** As {@link Greter}, for one that asks a node that knows no such class, and not the cluster. */
@Actor({ name: 'Greter', static: true })
class GreterOfNode {
  @Handler() async hello(): Promise<string> {
    return 'hello';
  }
}

let logged: string[] = [];
const listening: ContainerModule = {
  name: 'listening',
  load: (bind) =>
    bind(Logger).toValue({
      info: () => undefined,
      warn: () => undefined,
      error: (message, error) => void logged.push(`${message}: ${String(error)}`),
    }),
};

async function failureOf(promise: Promise<unknown>): Promise<MoonpoolError> {
  try {
    await promise;
  } catch (error) {
    return error as MoonpoolError;
  }
  throw new Error('it did not fail');
}

describe('Startup tasks', () => {
  let log: string[];
  let store: ContainerModule;
  const start = (startup: readonly StartupTask[], options: Partial<StartOptions> = {}) =>
    ActorRuntime.start({
      namespace: 'spec',
      name: 'a',
      actors: [Greeter],
      modules: [store, listening],
      startup,
      ...options,
    });
  const task = (name: string, run?: StartupTask['run']): StartupTask => ({
    name,
    run: async (node) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      log.push(`run ${name}`);
      const stop = await run?.(node);
      return async () => {
        await stop?.();
        log.push(`stop ${name}`);
      };
    },
  });
  beforeEach(() => {
    store = memory();
    log = [];
    logged = [];
  });

  it('are run in order before the start resolves, and ended in the reverse order before anything else', async () => {
    const node = await start([
      task('one', (starting) => async () => void log.push(await starting.actor(Greeter, 'g').hello())),
      task('two'),
      { name: 'without an end', run: () => void log.push('run without an end') },
    ]);
    expect(log).to.deep.equal(['run one', 'run two', 'run without an end']);
    await node.shutdown();
    expect(log.slice(3)).to.deep.equal(['stop two', 'hello', 'stop one']);
  });

  it('call actors of a node that has joined its cluster', async () => {
    const node = await start([
      task('greet', async (starting) => {
        log.push(`${starting.node.name} ${await starting.actor(Greeter, 'g').hello()}`);
        expect(starting.address).to.match(/^127\.0\.0\.1:\d+$/);
        expect(starting.service(Logger)).to.have.property('error');
      }),
    ]);
    expect(log).to.include('a hello');
    await node.shutdown();
  });

  it('that fail end the start: those before are ended, those after are never run, and the error names the task', async () => {
    const failing = task('two', () => {
      throw new RangeError('no rates');
    });
    const error = await failureOf(start([task('one'), failing, task('three')]));
    expect(error).to.include({ code: 'STARTUP_FAILED', executed: 'no' });
    expect(error.message).to.contain("'two'");
    expect(error.cause).to.be.instanceOf(RangeError);
    expect(log).to.deep.equal(['run one', 'run two', 'stop one']);
    const next = await start([]);
    expect(await next.actor(Greeter, 'g').hello()).to.equal('hello');
    await next.shutdown();
  });

  it('of a node that loses its place meanwhile fail as the node did, and not by themselves', async () => {
    let other: ActorRuntime | undefined;
    const replaced = task('replaced', async (starting) => {
      other = await start([]);
      for (;;) await starting.actor(Greeter, 'g').$with({ timeoutMs: 100 }).hello();
    });
    const error = await failureOf(start([task('one'), replaced], { lease: { ttlMs: 500 } }));
    expect(error).to.include({ code: 'NODE_FENCED', isTransient: true });
    expect(error.message).to.contain('while its startup tasks were run');
    expect((error.cause as MoonpoolError).code).to.equal('STARTUP_FAILED');
    expect(log).to.include('stop one');
    await other?.shutdown();
  });

  it('that cannot be ended, or take too long, keep nobody else from ending', async () => {
    const stuck = task('stuck', () => () => new Promise<void>(() => undefined));
    const broken = task('broken', () => () => {
      throw new Error('cannot stop');
    });
    const node = await start([task('one'), stuck, broken], { activation: { drainLimitMs: 20 } });
    await node.shutdown();
    expect(log.at(-1)).to.equal('stop one');
    expect(logged.join('\n')).to.contain('cannot stop').and.to.contain('LIFECYCLE_TIMEOUT');
  });

  it('are tasks with a name', async () => {
    for (const startup of [[() => undefined], [{ name: 'x' }], 'tasks', [undefined]]) {
      expect(await failureOf(start(startup as unknown as StartupTask[]))).to.have.property('code', 'INVALID_OPTION');
    }
  });

  it('are no business of a client', async () => {
    const options = { namespace: 'spec', actors: [Greeter], modules: [store, listening], startup: [task('one')] };
    const client = await ActorRuntime.connect(options);
    expect(log).to.deep.equal([]);
    await client.shutdown();
  });
});

describe('An actor that nobody knows', () => {
  it('is distinguished from one with nearly the same name, far and near', async () => {
    const store = memory();
    const node = await ActorRuntime.start({
      namespace: 'spec',
      name: 'a',
      actors: [Greeter],
      modules: [store, listening],
    });
    const client = await ActorRuntime.connect({
      namespace: 'spec',
      actors: [GreterOfNode],
      modules: [store, listening],
    });
    try {
      const far = await failureOf(client.actor(GreterOfNode).$on(node.address).hello());
      expect(far).to.include({ code: 'UNKNOWN_ACTOR', executed: 'no' });
      expect(far.message).to.contain("'Greter'").and.to.contain("did you mean 'Greeter'?");
      expect(() => node.actor(Greter, 'g'))
        .to.throw('UNKNOWN_ACTOR')
        .with.property('message')
        .that.contains("did you mean 'Greeter'?");
    } finally {
      await client.shutdown();
      await node.shutdown();
    }
  });
});

import { expect } from 'chai';
import {
  Actor,
  ActorRuntime,
  Actors,
  Filters,
  Handler,
  Logger,
  memory,
  StartupTasks,
  type CallFilter,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import { HealthChecks, type HealthCheck, InspectionPages } from 'moonpool/modules';
import { Membership } from '../../lib/cluster/membership';

@Actor({ name: 'Contributed' })
class Contributed {
  @Handler() async say(word: string): Promise<string> {
    return word;
  }
}

class Unmarked {}

const quiet: ContainerModule = {
  name: 'quiet',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

const moduleOf = (load: ContainerModule['load'], name = 'feature'): ContainerModule => ({ name, load });
const adding =
  (letter: string): CallFilter =>
  async (_call, next) =>
    `${letter}(${String(await next())})`;

describe('A runtime whose modules contribute', () => {
  const runtimes: ActorRuntime[] = [];
  async function start(
    modules: readonly ContainerModule[],
    options: Partial<StartOptions> = {},
  ): Promise<ActorRuntime> {
    const given = { namespace: 'contributing', name: 'node', actors: [], ...options };
    const runtime = await ActorRuntime.start({ ...given, modules: [quiet, ...modules] });
    runtimes.push(runtime);
    return runtime;
  }
  afterEach(async () => {
    for (const runtime of runtimes.splice(0)) await runtime.shutdown();
  });

  it('hosts their actor classes, of which one that two modules need is one', async () => {
    const needing = moduleOf((_bind, contribute) => contribute(Actors, Contributed));
    const runtime = await start([needing, { ...needing, name: 'another feature' }]);
    expect(await runtime.actor(Contributed, 'c').say('hello')).to.equal('hello');
  });

  it('puts their filters around calls in the order of the modules, inside of those that it was given itself', async () => {
    const first = moduleOf((_bind, contribute) => {
      contribute(Filters.outgoing, adding('b'));
      contribute(Filters.incoming, adding('e'), adding('f'));
    });
    const second = moduleOf((_bind, contribute) => contribute(Filters.outgoing).toFactory([], () => adding('c')));
    const given = { actors: [Contributed], outgoing: [adding('a')], incoming: [adding('d')] };
    const runtime = await start([first, second], given);
    expect(await runtime.actor(Contributed, 'c').say('x')).to.equal('a(b(c(d(e(f(x))))))');
  });

  it('runs their startup tasks after its own, and ends what they began in the reverse order', async () => {
    const log: string[] = [];
    const task = (name: string) => ({
      name,
      run: () => {
        log.push(`${name} runs`);
        return () => void log.push(`${name} ends`);
      },
    });
    const feature = moduleOf((_bind, contribute) => contribute(StartupTasks, task('feature')));
    await (await start([feature], { startup: [task('own')] })).shutdown();
    expect(log).to.deep.equal(['own runs', 'feature runs', 'feature ends', 'own ends']);
  });

  it('does not run startup tasks where it is a client', async () => {
    const store = memory();
    await start([store]);
    const feature = moduleOf((_bind, contribute) =>
      contribute(StartupTasks, { name: 'never', run: () => Promise.reject(new Error('a client has no tasks')) }),
    );
    const client = await ActorRuntime.connect({
      namespace: 'contributing',
      actors: [],
      modules: [quiet, store, feature],
    });
    runtimes.unshift(client);
  });

  it('shows their pages, of which the later one of a key wins, also over its own', async () => {
    const page = (key: string, said: string) =>
      moduleOf((_bind, contribute) => contribute(InspectionPages, { key, read: () => said }));
    const runtime = await start([page('weather', 'rain'), page('weather', 'sun'), page('lease', 'mine')]);
    expect(runtime.inspect()).to.include({ weather: 'sun', lease: 'mine' }).and.to.have.property('calls');
  });

  it('tells everything that is wrong with modules and classes in one error, and starts nothing', async () => {
    const wrong = moduleOf((_bind, contribute) => {
      contribute(Actors, Unmarked);
      contribute(Filters.outgoing, 5 as unknown as CallFilter);
      contribute(StartupTasks, {} as never);
    }, 'wrong');
    const failure = await start([wrong]).catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'INVALID_MODULE');
    expect((failure as Error).message)
      .to.contain(
        'The module wrong contributes what it must not: Filters.outgoing takes a function (call, next) => ...; 5 was given',
      )
      .and.to.contain('StartupTasks takes a task { name, run(node) }')
      .and.to.contain('INVALID_ACTOR_CLASSES')
      .and.to.contain('Unmarked is not marked with @Actor');
  });
});

describe('The health of a runtime', () => {
  const health = async (...checks: readonly HealthCheck[]) => {
    const module = moduleOf((_bind, contribute) => contribute(HealthChecks, ...checks));
    const runtime = await ActorRuntime.start({
      namespace: 'health',
      name: 'node',
      actors: [],
      modules: [quiet, module],
    });
    try {
      return await runtime.health();
    } finally {
      await runtime.shutdown();
    }
  };

  it('is good when all checks find nothing', async () => {
    expect(await health()).to.deep.equal({
      live: true,
      ready: true,
      parts: [
        { name: 'running', decides: 'ready', isWell: true },
        { name: 'member', decides: 'live', isWell: true },
        { name: 'calls', decides: 'ready', isWell: true },
        { name: 'lease', decides: 'ready', isWell: true },
      ],
    });
  });

  it('says what a check has found, and that it threw or took too long', async () => {
    const { live, ready, parts } = await health(
      { name: 'paper', decides: 'ready', check: () => 'there is no paper' },
      { name: 'ink', decides: 'ready', check: () => Promise.reject(new Error('who knows')) },
      { name: 'power', decides: 'ready', check: () => new Promise<never>(() => undefined) },
    );
    expect({ live, ready }).to.deep.equal({ live: true, ready: false });
    expect(parts.slice(4).map(({ name, why }) => `${name}: ${why}`)).to.deep.equal([
      'paper: there is no paper',
      'ink: who knows',
      "power: the health check 'power' took longer than 1000 ms",
    ]);
  });

  it('is not ready when it is not live', async () => {
    const found = await health({ name: 'heart', decides: 'live', check: () => 'it has stopped' });
    expect(found).to.include({ live: false, ready: false });
  });

  it('is not ready from the beginning of a shutdown on, and live all the same', async () => {
    const runtime = await ActorRuntime.start({ namespace: 'health', name: 'node', actors: [], modules: [quiet] });
    const ending = runtime.shutdown();
    const during = await runtime.health();
    await ending;
    const after = await runtime.health();
    for (const { live, ready, parts } of [during, after]) {
      expect({ live, ready }).to.deep.equal({ live: true, ready: false });
      expect(parts[0]).to.include({ name: 'running', why: 'this process is shutting down' });
    }
  });

  it('is not live when the node was fenced', async () => {
    const options = { namespace: 'health', name: 'node', actors: [], modules: [quiet, memory()] };
    const first = await ActorRuntime.start(options);
    const second = await ActorRuntime.start(options);
    await first.service(Membership).refresh();
    await first.terminated;
    const { live, ready, parts } = await first.health();
    expect({ live, ready }).to.deep.equal({ live: false, ready: false });
    expect(parts[1]?.why).to.match(/^The node node#1 stopped serving: /);
    await second.shutdown();
  });
});

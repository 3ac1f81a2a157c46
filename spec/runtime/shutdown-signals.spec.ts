import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, Logger, type ContainerModule } from 'moonpool';
import { HostProvider, type ProcessSignal } from 'moonpool/modules';
import { failureOf } from '../activation/cluster-fixture';

@Actor({ name: 'Bystander' })
class Bystander {
  @Handler() async stand(): Promise<number> {
    return 1;
  }
}

/** A process that is sent signals by the spec. */
class SignalledHost implements HostProvider {
  readonly identity = { host: 'spec', machine: '', pid: 1, startedAt: '' };
  readonly listeners = new Map<ProcessSignal, () => void>();

  hasEnded(): boolean {
    return false;
  }

  onSignal(signal: ProcessSignal, listener: () => void): () => void {
    this.listeners.set(signal, listener);
    return () => void this.listeners.delete(signal);
  }
}

const quiet: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('A runtime that shuts down on signals', () => {
  async function start(): Promise<{ readonly runtime: ActorRuntime; readonly host: SignalledHost }> {
    const host = new SignalledHost();
    const signalled: ContainerModule = { name: 'signalled', load: (bind) => bind(HostProvider).toValue(host) };
    const runtime = await ActorRuntime.start({
      namespace: 'spec',
      name: 'n',
      actors: [Bystander],
      modules: [signalled],
    });
    return { runtime, host };
  }

  it('does so with the first that comes, and leaves the next one to the process', async () => {
    const { runtime, host } = await start();
    runtime.shutdownOn('SIGINT', 'SIGTERM');
    expect([...host.listeners.keys()]).to.deep.equal(['SIGINT', 'SIGTERM']);
    host.listeners.get('SIGTERM')?.();
    expect(host.listeners.size).to.equal(0);
    expect((await runtime.terminated).reason).to.equal('shutdown');
  });

  it('that come while it starts does so when it has started', async () => {
    const host = new SignalledHost();
    let isRunning = false;
    const options = {
      ...{ namespace: 'spec', name: 'n', actors: [Bystander], shutdownOn: ['SIGTERM', 'SIGINT'] as const },
      modules: [{ name: 'signalled', load: (bind) => bind(HostProvider).toValue(host) } satisfies ContainerModule],
      startup: [{ name: 'slow', run: () => void host.listeners.get('SIGTERM')?.() }],
    };
    const runtime = await ActorRuntime.start({
      ...options,
      startup: [...options.startup, { name: 'later', run: () => void (isRunning = true) }],
    });
    expect(host.listeners.size).to.equal(0);
    expect(isRunning).to.equal(true);
    expect((await runtime.terminated).reason).to.equal('shutdown');
  });

  it('are listened to no more when it could not start', async () => {
    const host = new SignalledHost();
    const failing: ContainerModule = {
      name: 'failing',
      load: (bind) => {
        bind(HostProvider).toValue(host);
        bind(Logger).toFactory([], () => ({ ...quiet, start: () => Promise.reject(new Error('no')) }));
      },
    };
    const options = { namespace: 'spec', name: 'n', actors: [Bystander], shutdownOn: ['SIGTERM'] as const };
    expect(String(await failureOf(ActorRuntime.start({ ...options, modules: [failing] })))).to.contain('no');
    expect(host.listeners.size).to.equal(0);
    const startup = [{ name: 'broken', run: () => Promise.reject(new Error('broken')) }];
    const signalled: ContainerModule = { name: 'signalled', load: (bind) => bind(HostProvider).toValue(host) };
    expect(String(await failureOf(ActorRuntime.start({ ...options, modules: [signalled], startup })))).to.contain(
      'broken',
    );
    expect(host.listeners.size).to.equal(0);
  });

  it('listens no more when it has ended otherwise', async () => {
    const { runtime, host } = await start();
    runtime.shutdownOn('SIGHUP');
    await runtime.shutdown();
    await runtime.terminated;
    expect(host.listeners.size).to.equal(0);
  });

  it('refuses what no process can be signalled with', async () => {
    const { runtime } = await start();
    const refusal = await failureOf((async () => runtime.shutdownOn('SIGKILL' as never))());
    expect(refusal).to.include({ code: 'INVALID_OPTION' });
    await runtime.shutdown();
  });
});

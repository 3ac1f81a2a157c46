import { expect } from 'chai';
import { ActorRuntime, Logger, memory, token, type ContainerModule } from 'moonpool';
import { MembershipStore } from 'moonpool/modules';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';
import { LifecycleWatch } from '../../lib/runtime/lifecycle-watch';
import { failureOf } from '../activation/cluster-fixture';

const Service = token<object>('Service');
const never = (): Promise<void> => new Promise(() => undefined);
const quiet: ContainerModule = {
  name: 'quiet',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};
const holding = (part: object): ContainerModule => ({
  name: 'holding',
  load: (bind) => bind(Service).toFactory([], () => part),
});

/** A store that has forgotten whoever joins. */
class ForgetfulStore extends MemoryMembershipStore {
  override async renew(): Promise<boolean> {
    return false;
  }
}

describe('A node that waits for a part', () => {
  it('ends all the same when the part does not, and says which', async () => {
    const ended: string[] = [];
    const other: ContainerModule = {
      name: 'other',
      load: (bind) => bind(token<object>('Other')).toFactory([], () => ({ stop: () => void ended.push('other') })),
    };
    const node = await ActorRuntime.start({
      namespace: 'spec',
      actors: [],
      modules: [memory(), quiet, other, holding({ stop: never })],
      activation: { drainLimitMs: 20 },
    });
    const { message } = await failureOf(node.shutdown());
    expect(message).to.contain(
      'LIFECYCLE_TIMEOUT: The method stop of Service of module holding did not end within 20 ms. Find what it waits for',
    );
    expect(ended).to.deep.equal(['other']);
    expect(await node.terminated).to.have.property('reason', 'shutdown');
  });

  it('and has lost its place, tells the log of one that could not be stopped, for nobody waits for its end', async () => {
    const logged: string[] = [];
    const log: ContainerModule = {
      name: 'log',
      load(bind) {
        const error = (message: string, why: unknown) => void logged.push(`${message}: ${String(why)}`);
        bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error });
        bind(MembershipStore).toValue(new ForgetfulStore());
      },
    };
    const stuck = holding({ stop: () => Promise.reject(new Error('it is stuck')) });
    const node = await ActorRuntime.start({
      ...{ namespace: 'spec', actors: [], modules: [memory(), log, stuck] },
      lease: { ttlMs: 30 },
    });
    expect(await node.terminated).to.have.property('reason', 'fenced');
    await new Promise((resolve) => setImmediate(resolve));
    expect(logged).to.deep.equal(['a part of the node could not be stopped: Error: it is stuck']);
  });

  it('that fails to start ends what has started, within the limit', async () => {
    const failing: ContainerModule = {
      name: 'failing',
      load: (bind) =>
        bind(token<object>('Failing')).toFactory([Service], () => ({ start: () => Promise.reject(new Error('no')) })),
    };
    const options = { namespace: 'spec', actors: [], activation: { drainLimitMs: 20 } };
    const modules = [memory(), quiet, holding({ stop: never }), failing];
    expect((await failureOf(ActorRuntime.start({ ...options, modules }))).message).to.equal('no');
  });

  it('logs what it waits for, again and again, and not when it has ended', async () => {
    const logged: string[] = [];
    const due: (() => void)[] = [];
    let now = 0;
    const time = {
      now: () => now,
      schedule: (_ms: number, callback: () => void) => {
        due.push(callback);
        return { cancel: () => void due.splice(due.indexOf(callback), 1) };
      },
    };
    const warn = (message: string, fields?: object) => void logged.push(`${message} ${JSON.stringify(fields)}`);
    const watch = new LifecycleWatch(time as never, { warn } as never, 20);
    let end: () => void = () => undefined;
    const work = new Promise<void>((resolve) => (end = resolve));
    const watched = watch.around({ step: 'start', name: 'Service', module: 'holding' }, work);
    for (now of [10_000, 20_000]) due.shift()?.();
    end();
    await watched;
    expect(logged).to.deep.equal(
      [10_000, 20_000].map(
        (forMs) => `the method start of Service of module holding is waited for and has not ended {"forMs":${forMs}}`,
      ),
    );
    expect(due).to.deep.equal([]);
  });
});

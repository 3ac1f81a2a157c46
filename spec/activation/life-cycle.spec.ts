import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  Handler,
  inject,
  type ActorReference,
  type ActorRuntime,
  type DeactivationReason,
} from 'moonpool';
import { ClusterFixture, eventually, failureOf, Gates, pause } from './cluster-fixture';

let gates = new Gates();
const log: string[] = [];

/** What the next activations and deactivations do. */
const fate = { activations: [] as ('fail' | 'hang')[], deactivation: 'end' as 'end' | 'fail' | 'hang' | 'wait' };

@Actor({ name: 'Guest', mailboxCapacity: 50 })
class Guest {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  async onActivate(): Promise<void> {
    log.push('activate');
    const next = fate.activations.shift();
    if (next === 'fail') {
      await gates.wait('activation');
      throw new RangeError('no room');
    }
    if (next === 'hang') await new Promise(() => undefined);
  }
  async onDeactivate({ code, description }: DeactivationReason): Promise<void> {
    log.push(`deactivate ${code}`);
    expect(description).to.be.a('string').and.not.equal('');
    if (fate.deactivation === 'fail') throw new Error('no time');
    if (fate.deactivation === 'hang') await new Promise(() => undefined);
    if (fate.deactivation === 'wait') await gates.wait('deactivation');
  }
  @Handler() async visit(name: string): Promise<string> {
    log.push(name);
    return name;
  }
  @Handler() async stay(name: string): Promise<string> {
    await gates.wait(name);
    return this.visit(name);
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
  @Handler() async keepFor(delayMs: number): Promise<void> {
    this.context.delayDeactivation(delayMs);
  }
}

describe('The life of an actor', () => {
  let cluster: ClusterFixture;
  let node: ActorRuntime;
  const begin = async (activation: object = {}): Promise<ActorReference<Guest>> => {
    node = await cluster.node('n1', { activation });
    return node.actor(Guest, 'g');
  };
  beforeEach(() => {
    cluster = new ClusterFixture([Guest]);
    gates = new Gates();
    log.length = 0;
    fate.activations = [];
    fate.deactivation = 'end';
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  describe('begins', () => {
    it('with its first call, and is over when nobody has used it for a while', async () => {
      const guest = await begin({ idleTimeoutMs: 20, collectionIntervalMs: 5 });
      expect(log).to.deep.equal([]);
      await guest.visit('v');
      await eventually(() => log.length === 3);
      expect(log).to.deep.equal(['activate', 'v', 'deactivate idle']);
    });

    it('in vain when its hook fails: all who wait get the error with its cause, and learn that nothing was executed', async () => {
      const guest = await begin();
      fate.activations = ['fail'];
      const calls = Array.from({ length: 10 }, () => failureOf(guest.visit('v')));
      calls.push(failureOf(guest.$trySend.visit('v')));
      guest.$send.visit('one-way');
      await gates.open('activation');
      for (const error of await Promise.all(calls)) {
        expect(error).to.include({ code: 'ACTIVATION_FAILED', executed: 'no' });
        expect(error.message).to.contain('spec/Guest/g');
        expect(error.cause).to.be.instanceOf(RangeError).with.property('message', 'no room');
      }
      expect(log).to.deep.equal(['activate']);
    });

    it('again after a failure when the hold is over, which doubles with each failure; until then the error is the answer at once', async () => {
      const guest = await begin({ failureHoldMs: 1_200 });
      fate.activations = ['fail', 'fail', 'fail'];
      gates.openAll();
      const attempts: number[] = [];
      let refused = 0;
      for (let isHere = false; !isHere;) {
        const before = log.length;
        const error = await guest.visit('v').then(
          () => undefined,
          (failure: unknown) => failure,
        );
        if (log.length > before) attempts.push(performance.now());
        else refused++;
        isHere = error === undefined;
        if (!isHere) expect(error).to.include({ code: 'ACTIVATION_FAILED', executed: 'no' });
        await pause(2);
      }
      const [first = 0, second = 0, third = 0, fourth = 0] = attempts;
      expect(log).to.deep.equal(['activate', 'activate', 'activate', 'activate', 'v']);
      expect(second - first).to.be.greaterThan(50);
      expect(third - second).to.be.greaterThan(110);
      expect(fourth - third).to.be.greaterThan(230);
      expect(refused).to.be.greaterThan(20);
    });

    it('in vain when it takes longer than the limit', async () => {
      const guest = await begin({ activationLimitMs: 30, failureHoldMs: 0 });
      fate.activations = ['hang'];
      const error = await failureOf(guest.visit('v'));
      expect(error).to.include({ code: 'ACTIVATION_FAILED', executed: 'no' });
      expect(error.cause).to.include({ code: 'LIFECYCLE_TIMEOUT' });
      expect((error.cause as Error).message).to.contain('did not become active within 30 ms');
      await eventually(async () => (await guest.visit('again').catch(() => undefined)) === 'again');
    });
  });

  describe('ends', () => {
    it('when it asks for it, after the calls that wait; the next call begins another', async () => {
      const guest = await begin();
      const calls = [guest.stay('a'), guest.leave(), guest.visit('b')];
      await gates.open('a');
      await Promise.all(calls);
      await eventually(() => log.includes('deactivate requested'));
      expect(await guest.visit('c')).to.equal('c');
      expect(log).to.deep.equal(['activate', 'a', 'b', 'deactivate requested', 'activate', 'c']);
    });

    it('not before the time that it asked to be kept for, and soon when it takes that back', async () => {
      const guest = await begin({ idleTimeoutMs: 10, collectionIntervalMs: 5 });
      await guest.keepFor(60_000);
      await pause(60);
      expect(log).to.deep.equal(['activate']);
      await guest.keepFor(0);
      await eventually(() => log.includes('deactivate idle'));
    });

    it('when its node shuts down, after its turn', async () => {
      const guest = await begin();
      const staying = guest.stay('last');
      await gates.reached('last');
      const down = node.shutdown();
      await gates.open('last');
      await Promise.all([staying, down]);
      expect(log).to.deep.equal(['activate', 'last', 'deactivate shutting-down']);
    });

    it('though its hook fails: that is logged', async () => {
      const guest = await begin();
      fate.deactivation = 'fail';
      await guest.leave();
      await eventually(() => cluster.said('onDeactivate failed: Error: no time').length === 1);
      expect(await guest.visit('again')).to.equal('again');
    });

    it('though its hook hangs: it is let go of after the limit', async () => {
      const guest = await begin({ deactivationLimitMs: 30 });
      fate.deactivation = 'hang';
      await guest.leave();
      await eventually(() => log.includes('deactivate requested'));
      expect(await guest.visit('again')).to.equal('again');
      const { code, why } = cluster.said('onDeactivate failed')[0]?.fields ?? {};
      expect([code, String(why)]).to.deep.equal([
        'LIFECYCLE_TIMEOUT',
        'the actor spec/Guest/g did not end within 30 ms',
      ]);
    });
  });

  for (const route of ['its node', 'another node'] as const) {
    it(`leaves what comes while it ends to the next activation, in order and without loss: calls, one-way messages and $trySend from ${route}`, async () => {
      await begin();
      const caller = route === 'its node' ? node : await cluster.client();
      const guest = caller.actor(Guest, 'g');
      fate.deactivation = 'wait';
      await guest.leave();
      await gates.reached('deactivation');
      const answers: Promise<unknown>[] = [];
      const names = Array.from({ length: 30 }, (_, index) => `m${index}`);
      for (const [index, name] of names.entries()) {
        if (index % 3 === 0) answers.push(guest.visit(name));
        else if (index % 3 === 1) guest.$send.visit(name);
        else answers.push(guest.$trySend.visit(name));
      }
      await pause(30);
      expect(log).to.deep.equal(['activate', 'deactivate requested']);
      fate.deactivation = 'end';
      await gates.open('deactivation');
      await Promise.all(answers);
      await eventually(() => log.length === 33);
      expect(log.slice(0, 3)).to.deep.equal(['activate', 'deactivate requested', 'activate']);
      const arrived = log.slice(3);
      expect([...arrived].sort()).to.deep.equal([...names].sort());
      // Messages of which nothing comes back are forwarded by the node that turned them away, and may meet the others again.
      for (const kind of [0, 1, 2])
        expect(arrived.filter((name) => names.indexOf(name) % 3 === kind)).to.deep.equal(
          names.filter((_, index) => index % 3 === kind),
        );
      if (route === 'its node') expect(arrived).to.deep.equal(names);
    });
  }
});

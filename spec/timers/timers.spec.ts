import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  Handler,
  inject,
  Timer,
  type ActorTimer,
  type ActorTimerOptions,
  type DeactivationReason,
} from 'moonpool';
import { ClusterFixture, codeOf, eventually, Gates, pause } from '../activation/cluster-fixture';

let gates = new Gates();
const log: string[] = [];
const countOf = (line: string) => log.filter((other) => other === line).length;

@Actor({ name: 'Clock' })
class Clock {
  private ticks = 0;

  @Timer({ everyMs: 10 }) async tick(): Promise<void> {
    this.ticks++;
    log.push('tick');
  }
  async onDeactivate({ code }: DeactivationReason): Promise<void> {
    log.push(code);
  }
  @Handler() async count(): Promise<number> {
    return this.ticks;
  }
}

@Actor({ name: 'Kettle', idleTimeoutMs: 40 })
class Kettle {
  private timers: ActorTimer[] = [];
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  async onDeactivate({ code }: DeactivationReason): Promise<void> {
    log.push(`${this.context.key} ${code}`);
  }
  @Handler() async start(name: string, options: ActorTimerOptions): Promise<void> {
    const tick = async (): Promise<void> => {
      log.push(`+${name}`);
      await gates.wait(name);
      log.push(`-${name}`);
    };
    this.timers.push(this.context.timer(tick, { name, ...options }));
  }
  @Handler() async startQuick(name: string, options: ActorTimerOptions): Promise<void> {
    this.timers.push(this.context.timer(() => void log.push(name), { name, ...options }));
  }
  @Handler() async startFailing(): Promise<void> {
    this.context.timer(
      () => {
        log.push('failing');
        throw new Error('boiled over');
      },
      { everyMs: 5, name: 'failing' },
    );
  }
  /** Whoever sends to itself from a tick that overlaps has the next turn begin in the midst of the tick. */
  @Handler() async startTalking(): Promise<void> {
    const talk = async (): Promise<void> => {
      this.context.requestContext.set('who', 'the tick');
      this.context
        .actor(Kettle, this.context.key)
        .$with({ context: { who: 'the message' } })
        .$send.note();
      await gates.wait('talk');
    };
    this.context.timer(talk, { everyMs: 5, interleave: true });
  }
  @Handler() async note(): Promise<void> {
    await pause(1);
    log.push(String(this.context.requestContext.get('who')));
  }
  @Handler() async stop(): Promise<void> {
    for (const timer of this.timers) timer.cancel();
  }
  @Handler() async work(name: string): Promise<void> {
    log.push(`+${name}`);
    await gates.wait(name);
    log.push(`-${name}`);
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
}

@Actor({ name: 'Tub', mailboxCapacity: 1, overflow: 'drop-oldest' })
class Tub {
  @Timer({ everyMs: 5 }) async drip(): Promise<void> {
    log.push('drip');
  }
  @Handler() async hold(): Promise<void> {
    await gates.wait('tub');
  }
  @Handler() async poke(): Promise<void> {
    log.push('poke');
  }
}

describe('Timers', () => {
  let cluster: ClusterFixture;
  beforeEach(() => {
    cluster = new ClusterFixture([Clock, Kettle, Tub]);
    gates = new Gates();
    log.length = 0;
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });
  const kettle = async (key = 'k') => (await cluster.node()).actor(Kettle, key);

  it('declared by @Timer tick while their actor is active, and end with it', async () => {
    const node = await cluster.node();
    expect(await node.actor(Clock, 'c').count()).to.equal(0);
    await eventually(() => log.length >= 3);
    expect(await node.actor(Clock, 'c').count()).to.be.greaterThan(2);
    await node.shutdown();
    const before = log.length;
    expect(log.at(-1)).to.equal('shutting-down');
    await pause(30);
    expect(log).to.have.length(before);
  });

  it('go on when a tick of theirs has given way to a newer call', async () => {
    const tub = (await cluster.node()).actor(Tub, 't');
    const held = tub.hold();
    await gates.reached('tub');
    // A tick waits by then.
    await pause(30);
    const poked = tub.poke();
    await pause(1);
    log.length = 0;
    await gates.open('tub');
    await Promise.all([held, poked]);
    await eventually(() => countOf('drip') > 2);
  });

  it('never tick while a tick of theirs is not over, and leave out what came due meanwhile', async () => {
    const actor = await kettle();
    const began = performance.now();
    await actor.start('slow', { everyMs: 5, interleave: true, keepsAlive: true });
    await gates.reached('slow');
    await pause(40);
    expect(log).to.deep.equal(['+slow']);
    await gates.open('slow');
    await gates.open('slow');
    await gates.open('slow');
    await eventually(() => countOf('-slow') === 3);
    expect(performance.now() - began).to.be.greaterThan(40);
    log.reduce((open, line) => {
      expect(line).to.equal(open ? '-slow' : '+slow');
      return !open;
    }, false);
  });

  it('have turns of their own: a tick waits for the turn under way, and turns wait for it', async () => {
    const actor = await kettle();
    await actor.start('tick', { everyMs: 5 });
    const first = actor.work('first');
    await pause(20);
    await gates.open('first');
    await gates.reached('tick');
    const second = actor.work('second');
    await pause(5);
    expect(log.slice(0, 3)).to.deep.equal(['+first', '-first', '+tick']);
    await gates.open('tick');
    await gates.open('second');
    await Promise.all([first, second]);
    expect(log.slice(3, 6)).to.deep.equal(['-tick', '+second', '-second']);
  });

  it('that interleave tick beside the turn under way', async () => {
    const actor = await kettle();
    await actor.startQuick('beside', { everyMs: 5, interleave: true });
    const working = actor.work('w');
    await eventually(() => countOf('beside') >= 3);
    expect(log).not.to.include('-w');
    await gates.open('w');
    await working;
  });

  it('leave what they send to its own scope', async () => {
    await (await kettle()).startTalking();
    await eventually(() => log.length > 0);
    expect(log).to.deep.equal(['the message']);
  });

  it('that fail are logged, tick again, and harm nobody', async () => {
    const actor = await kettle();
    await actor.startFailing();
    await eventually(() => countOf('failing') >= 3);
    const [line, ...more] = cluster.said('a timer of an actor failed: Error: boiled over');
    expect(line?.fields).to.include({ actor: 'spec/Kettle/k', timer: 'failing' });
    // What follows within a second is counted.
    expect(more).to.have.length(0);
    await actor.note();
    expect(log).to.include('undefined');
  });

  it('that are cancelled tick no more, not even when a tick waits for its turn', async () => {
    const actor = await kettle();
    await actor.startQuick('quick', { everyMs: 5, keepsAlive: true });
    await eventually(() => countOf('quick') > 0);
    const working = actor.work('w');
    await gates.reached('w');
    const stopped = actor.stop();
    await pause(10);
    const before = countOf('quick');
    await gates.open('w');
    await Promise.all([working, stopped]);
    await pause(15);
    // The tick that waited before the call that cancels it came first, in the order of their arrival.
    expect(countOf('quick')).to.be.within(before, before + 1);
    const after = countOf('quick');
    await pause(15);
    expect(countOf('quick')).to.equal(after);
  });

  it('end with their activation when it leaves: the next one has none', async () => {
    const actor = await kettle();
    await actor.startQuick('quick', { everyMs: 5, keepsAlive: true });
    await eventually(() => countOf('quick') > 0);
    await actor.leave();
    await eventually(() => log.includes('k requested'));
    const before = countOf('quick');
    await actor.note();
    await pause(20);
    expect(countOf('quick')).to.equal(before);
  });

  it('do not keep an actor that nobody uses, unless they are to', async () => {
    const node = await cluster.node('n1', { activation: { collectionIntervalMs: 10 } });
    await node.actor(Kettle, 'idle').startQuick('a', { everyMs: 5 });
    await node.actor(Kettle, 'kept').startQuick('b', { everyMs: 5, keepsAlive: true });
    await eventually(() => log.includes('idle idle'));
    await pause(60);
    expect(log).not.to.include('kept idle');
  });

  it('tick first after the time that is given for it', async () => {
    const actor = await kettle();
    await actor.startQuick('soon', { everyMs: 60_000, afterMs: 0 });
    await eventually(() => countOf('soon') === 1);
  });

  it('must have a period', async () => {
    const actor = await kettle();
    for (const options of [{ everyMs: 0 }, { everyMs: Number.NaN }, { everyMs: 5, afterMs: -1 }]) {
      expect(await codeOf(actor.startQuick('never', options))).to.equal('HANDLER_FAILED');
    }
  });
});

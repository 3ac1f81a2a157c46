import { expect } from 'chai';
import type { LocalActor, LocalContext } from '../../lib/local-actors/local-actor';
import type { LocalEnding } from '../../lib/local-actors/local-ending';
import type { LocalHandle } from '../../lib/local-actors/local-handle';
import { failureOf, inBothWorlds, simulated, type LocalFixture } from '../local-actors/local-fixture';

type Order = 'work' | 'fail' | 'finish';

/** Local actors that note when they start and stop. */
class Troupe {
  readonly steps: string[] = [];

  /** A behaviour that says on each message which life it is. */
  readonly member = (context: LocalContext<Order, number>): LocalActor<Order, number> => {
    const name = context.name.slice(context.name.lastIndexOf('/') + 1);
    const life = (this.lives.get(name) ?? 0) + 1;
    this.lives.set(name, life);
    return {
      onStart: () => void this.steps.push(`+${name}`),
      onStop: ({ code }: LocalEnding) => void (code === 'failed' || this.steps.push(`-${name}`)),
      receive(order) {
        if (order === 'fail') throw new Error(`${name} was asked to fail`);
        if (order === 'finish') context.finish();
        return life;
      },
    };
  };
  private readonly lives = new Map<string, number>();

  /** The steps since this was asked last. */
  take(): string {
    return this.steps.splice(0).join(' ');
  }
}

async function fail(handle: LocalHandle<Order, number>): Promise<void> {
  await failureOf(handle.request('fail'));
}

async function trio(
  { system }: LocalFixture,
  troupe: Troupe,
  strategy: 'one-for-one' | 'one-for-all' | 'rest-for-one',
) {
  const supervisor = system.supervise({ name: 'top', strategy });
  const [a, b, c] = ['a', 'b', 'c'].map((name) => supervisor.spawn(troupe.member, { name })) as [
    LocalHandle<Order, number>,
    LocalHandle<Order, number>,
    LocalHandle<Order, number>,
  ];
  await c.whenStarted();
  expect(troupe.take()).to.equal('+a +b +c');
  return { supervisor, a, b, c };
}

describe('A supervisor', () => {
  inBothWorlds('refuses at once what is no behaviour, and goes on with its children', async (fixture) => {
    const troupe = new Troupe();
    const { supervisor, b } = await trio(fixture, troupe, 'one-for-all');
    for (const wrong of [undefined, 5, 'member', Object.create(null)] as never[]) {
      expect(() => supervisor.spawn(wrong)).to.throw(
        'INVALID_OPTION: The option behaviour of spawn of top must be a class',
      );
      expect(() => fixture.system.spawn(wrong)).to.throw(
        'INVALID_OPTION: The option behaviour of spawn must be a class',
      );
    }
    expect(await b.request('work')).to.equal(1);
    expect(supervisor.children).to.have.length(3);
  });

  inBothWorlds('one for one starts again the child that failed, and its handle stays good', async (fixture) => {
    const troupe = new Troupe();
    const { b } = await trio(fixture, troupe, 'one-for-one');
    await fail(b);
    expect(await b.request('work')).to.equal(2);
    expect(troupe.take()).to.equal('+b');
    await fixture.system.stop();
  });

  it(
    'one for all starts again all of them, in order, when one fails',
    simulated(async (fixture) => {
      const troupe = new Troupe();
      const { a, b, c } = await trio(fixture, troupe, 'one-for-all');
      await fail(b);
      await fixture.time.sleep(1);
      expect(await Promise.all([a, b, c].map((handle) => handle.request('work')))).to.deep.equal([2, 2, 2]);
      expect(troupe.take()).to.equal('-c -a +a +b +c');
    }),
  );

  it(
    'rest for one starts again the child and those that were started after it',
    simulated(async (fixture) => {
      const troupe = new Troupe();
      const { a, b, c } = await trio(fixture, troupe, 'rest-for-one');
      await fail(b);
      await fixture.time.sleep(1);
      expect(await Promise.all([a, b, c].map((handle) => handle.request('work')))).to.deep.equal([1, 2, 2]);
      expect(troupe.take()).to.equal('-c +b +c');
    }),
  );

  it(
    'keeps for the next life what waits in the mailbox',
    simulated(async ({ system }) => {
      const troupe = new Troupe();
      const child = system.supervise().spawn(troupe.member, { name: 'child' });
      const failed = fail(child);
      const later = [child.request('work'), child.request('work')];
      await failed;
      expect(await Promise.all(later)).to.deep.equal([2, 2]);
    }),
  );

  it(
    'starts a permanent child again whenever it ends, a transient one when it fails, and a temporary one never',
    simulated(async ({ system }) => {
      const troupe = new Troupe();
      const supervisor = system.supervise();
      const [permanent, transient, temporary] = (['permanent', 'transient', 'temporary'] as const).map((restart) =>
        supervisor.spawn(troupe.member, { name: restart, restart }),
      ) as [LocalHandle<Order, number>, LocalHandle<Order, number>, LocalHandle<Order, number>];
      await permanent.request('finish');
      expect(await permanent.request('work')).to.equal(2);
      await fail(transient);
      expect(await transient.request('work')).to.equal(2);
      await transient.request('finish');
      expect((await transient.ended).code).to.equal('finished');
      await fail(temporary);
      expect((await temporary.ended).code).to.equal('failed');
      expect(supervisor.children).to.deep.equal(['supervisor-1/permanent']);
    }),
  );

  it(
    'does not start again a child that was asked to stop',
    simulated(async ({ system }) => {
      const supervisor = system.supervise();
      const child = supervisor.spawn(new Troupe().member);
      expect((await child.stop()).code).to.equal('stopped');
      expect(supervisor.children).to.deep.equal([]);
    }),
  );

  it(
    'makes three restarts within five seconds, and at the next one fails itself',
    simulated(async ({ system, time, lines }) => {
      const troupe = new Troupe();
      const supervisor = system.supervise({ name: 'top' });
      const [sibling, child] = [
        supervisor.spawn(troupe.member, { name: 'sibling' }),
        supervisor.spawn(troupe.member, { name: 'child' }),
      ];
      for (let failure = 0; failure < 3; failure++) await fail(child);
      expect(await child.request('work')).to.equal(4);
      await time.sleep(5_100);
      for (let failure = 0; failure < 3; failure++) await fail(child);
      expect(await child.request('work')).to.equal(7);
      await fail(child);
      const { code, error } = await supervisor.ended;
      expect(code).to.equal('failed');
      expect(error).to.include({ code: 'RESTART_LIMIT_REACHED' });
      expect((error as Error).message)
        .to.contain('more than 3 restarts within 5000 ms')
        .and.to.contain('child was asked to fail');
      expect([sibling.hasEnded, child.hasEnded]).to.deep.equal([true, true]);
      expect(system.names).to.deep.equal([]);
      expect(() => supervisor.spawn(troupe.member)).to.throw('LOCAL_ACTOR_ENDED');
      expect(lines.at(-1)).to.contain('top failed and has no supervisor');
    }),
  );

  it(
    'fails upwards: the supervisor above starts it again with its children, whose handles stay good',
    simulated(async ({ system, time }) => {
      const troupe = new Troupe();
      const top = system.supervise({ name: 'top' });
      const below = top.supervise({ name: 'below', intensity: { restarts: 1 } });
      const [a, b] = [below.spawn(troupe.member, { name: 'a' }), below.spawn(troupe.member, { name: 'b' })];
      await b.whenStarted();
      await fail(b);
      await time.sleep(1);
      expect(troupe.take()).to.equal('+a +b +b');
      const waits = failureOf(b.request('fail'));
      const later = b.request('work');
      await waits;
      expect(await later).to.equal(3);
      await time.sleep(1);
      expect(await a.request('work')).to.equal(2);
      expect(troupe.take()).to.equal('-a +a +b');
      expect(system.names).to.deep.equal(['top', 'top/below', 'top/below/a', 'top/below/b']);
      expect(below.hasEnded).to.equal(false);
    }),
  );

  it(
    'never starts a temporary child again, not even together with others',
    simulated(async ({ system }) => {
      const troupe = new Troupe();
      const supervisor = system.supervise({ strategy: 'one-for-all' });
      const [a, b] = [
        supervisor.spawn(troupe.member, { name: 'a' }),
        supervisor.spawn(troupe.member, { name: 'b', restart: 'temporary' }),
      ];
      await b.whenStarted();
      await fail(a);
      expect((await b.ended).code).to.equal('stopped');
      expect(await a.request('work')).to.equal(2);
      expect(troupe.take()).to.equal('+a +b -b +a');
    }),
  );

  it(
    'waits longer before each restart when it has a back-off, and messages wait with it',
    simulated(async ({ system, time, events }) => {
      const troupe = new Troupe();
      const supervisor = system.supervise({ backoff: { minMs: 100, maxMs: 1_000 }, intensity: { restarts: 10 } });
      const child = supervisor.spawn(troupe.member, { name: 'child' });
      await child.whenStarted();
      const waitedMs: number[] = [];
      for (let failure = 0; failure < 4; failure++) {
        await fail(child);
        const before = time.now();
        await child.request('work');
        waitedMs.push(time.now() - before);
      }
      [50, 100, 200, 400].forEach((least, at) => expect(waitedMs[at]).to.be.within(least, least * 2 + 1));
      await time.sleep(1_500);
      await fail(child);
      await child.request('work');
      const delays = events.filter(({ name }) => name === 'supervision:restart').map(({ fields }) => fields['delayMs']);
      expect(delays).to.have.length(5);
      expect(delays.at(-1)).to.be.within(50, 100);
    }),
  );

  it(
    'does not hold others back when a child that they wait for is stopped instead',
    simulated(async ({ system, time }) => {
      const troupe = new Troupe();
      const supervisor = system.supervise({ strategy: 'rest-for-one', backoff: { minMs: 20_000, maxMs: 20_000 } });
      const [a, b] = [supervisor.spawn(troupe.member, { name: 'a' }), supervisor.spawn(troupe.member, { name: 'b' })];
      await b.whenStarted();
      await fail(a);
      await time.sleep(1);
      const answer = b.request('work', { timeoutMs: 5_000 });
      await a.stop();
      expect(await answer).to.equal(2);
    }),
  );

  it(
    'stops its children in the reverse order, those of supervisors below it too',
    simulated(async ({ system }) => {
      const troupe = new Troupe();
      const top = system.supervise();
      top.spawn(troupe.member, { name: 'a' });
      const below = top.supervise();
      below.spawn(troupe.member, { name: 'b' });
      below.spawn(troupe.member, { name: 'c' });
      const last = top.spawn(troupe.member, { name: 'd' });
      await last.whenStarted();
      expect(troupe.take()).to.equal('+a +b +c +d');
      expect((await top.stop()).code).to.equal('stopped');
      expect(troupe.take()).to.equal('-d -c -b -a');
      expect([below.hasEnded, last.hasEnded, system.names.length]).to.deep.equal([true, true, 0]);
    }),
  );

  it(
    'stops although a child does not, after the limit of that child',
    simulated(async ({ system, time }) => {
      const supervisor = system.supervise();
      supervisor.spawn(() => new Promise<void>(() => undefined), { stopLimitMs: 300 });
      supervisor.spawn(new Troupe().member);
      await time.sleep(10);
      const before = time.now();
      await supervisor.stop();
      expect(time.now() - before).to.be.within(300, 400);
    }),
  );

  it(
    'starts its children in order: the next one when the one before has started',
    simulated(async ({ system, time }) => {
      const steps: string[] = [];
      const slow = (name: string) => (): LocalActor<Order> => ({
        async onStart() {
          steps.push(`${name} begins`);
          await time.sleep(20);
          steps.push(`${name} started`);
        },
        receive: () => undefined,
      });
      const supervisor = system.supervise();
      supervisor.spawn(slow('a'));
      await supervisor.spawn(slow('b')).whenStarted();
      expect(steps).to.deep.equal(['a begins', 'a started', 'b begins', 'b started']);
    }),
  );

  it(
    'restarts a child that fails while it starts, and counts that',
    simulated(async ({ system }) => {
      let attempts = 0;
      const flaky = (): LocalActor<Order, string> => ({
        onStart() {
          if (++attempts < 3) throw new Error('not yet');
        },
        receive: () => 'here',
      });
      const supervisor = system.supervise({ intensity: { restarts: 2 } });
      expect(await supervisor.spawn(flaky).request('work')).to.equal('here');
      expect(attempts).to.equal(3);
    }),
  );

  it(
    'takes down what it does',
    simulated(async (fixture) => {
      const troupe = new Troupe();
      const { b, supervisor } = await trio(fixture, troupe, 'rest-for-one');
      await fail(b);
      await b.request('work');
      await fixture.time.sleep(1);
      await supervisor.stop();
      const names = fixture.events.map(
        ({ name, fields }) => `${name} ${String(fields['child'] ?? fields['name'] ?? fields['supervisor'])}`,
      );
      expect(names).to.deep.equal([
        'supervision:start top',
        'local:start top/a',
        'local:start top/b',
        'local:start top/c',
        'supervision:restart top/b',
        'local:start top/b',
        'local:start top/c',
        'local:end top/c',
        'local:end top/b',
        'local:end top/a',
        'supervision:end top',
      ]);
    }),
  );

  it(
    'refuses options that cannot work',
    simulated(async ({ system }) => {
      expect(() => system.supervise({ strategy: 'one-for-two' as 'one-for-one' })).to.throw(
        "'one-for-one', 'one-for-all' or 'rest-for-one'",
      );
      expect(() => system.supervise({ intensity: { restarts: -1 } })).to.throw('intensity.restarts');
      const supervisor = system.supervise();
      expect(() => supervisor.spawn(new Troupe().member, { restart: 'always' as 'permanent' })).to.throw(
        "'permanent', 'transient' or 'temporary'",
      );
      expect(supervisor.children).to.deep.equal([]);
    }),
  );
});

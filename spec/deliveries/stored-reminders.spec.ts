import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  Persist,
  Reminder,
  type ActorReference,
  type DueReminder,
  type ReminderOptions,
  type SetReminder,
} from 'moonpool';
import { ClusterFixture, codeOf, eventually, failureOf, pause } from '../activation/cluster-fixture';

const told: string[] = [];
const due: DueReminder[] = [];

class Diary {
  entries: string[] = [];
}

@Actor({ name: 'Secretary', persist: 'after-turn' })
class Secretary {
  @Persist(Diary) private readonly diary!: ActorState<Diary>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Reminder('meeting') async toMeeting(reminder: DueReminder): Promise<void> {
    due.push(reminder);
    this.diary.value.entries.push(reminder.name);
    told.push(`${this.context.key} meeting ${String(reminder.data ?? '')}`);
  }
  @Reminder() async water(): Promise<void> {
    told.push('water');
    await this.context.cancelReminder('water');
  }
  @Reminder('call') async call({ data }: DueReminder): Promise<void> {
    const other = data as ActorReference<Secretary>;
    await other.hear(this.context.key);
  }
  @Handler() async hear(from: string): Promise<void> {
    told.push(`${this.context.key} heard ${from}`);
  }
  @Handler() async set(name: string, options: ReminderOptions): Promise<void> {
    await this.context.remind(name, options);
  }
  @Handler() async setCall(other: ActorReference<Secretary>): Promise<void> {
    await this.context.remind('call', { delayMs: 10, data: other });
  }
  @Handler() async setAndFail(): Promise<void> {
    await this.context.remind('meeting', { delayMs: 10 });
    throw new Error('thought better of it');
  }
  @Handler() async cancelAndFail(): Promise<void> {
    await this.context.cancelReminder('meeting');
    throw new Error('thought better of it');
  }
  @Handler() async cancel(name: string): Promise<void> {
    await this.context.cancelReminder(name);
  }
  @Handler() async list(): Promise<readonly SetReminder[]> {
    return this.context.reminders();
  }
  @Handler() async setAndList(): Promise<readonly SetReminder[]> {
    await this.context.remind('meeting', { every: '2 hours' });
    return this.context.reminders();
  }
  @Handler() async later(): Promise<void> {
    const timer = this.context.timer(
      async () => {
        timer.cancel();
        await this.context.remind('meeting', { delayMs: 5 });
      },
      { everyMs: 1 },
    );
  }
  @Handler() async entries(): Promise<number> {
    return this.diary.value.entries.length;
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
}

@Actor({ name: 'Fickle' })
class Fickle {
  static refusals = 0;
  @Persist(Diary) private readonly diary!: ActorState<Diary>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  async onActivate(): Promise<void> {
    if (this.context.key === 'early') await this.context.remind('try', { delayMs: 5 });
  }
  @Reminder('try') async attempt(reminder: DueReminder): Promise<void> {
    if (Fickle.refusals-- > 0) throw new Error('not now');
    due.push(reminder);
  }
  @Handler() async set(options: ReminderOptions): Promise<void> {
    await this.context.remind('try', options);
    await this.diary.persist();
  }
  @Handler() async start(): Promise<void> {}
}

describe('A reminder', () => {
  let cluster: ClusterFixture;
  const quick = { deliveries: { pollMs: 20, retryMinMs: 10, retryMaxMs: 20 } };
  beforeEach(() => {
    cluster = new ClusterFixture([Secretary, Fickle]);
    told.length = 0;
    due.length = 0;
    Fickle.refusals = 0;
  });
  afterEach(() => cluster.shutdown());
  const secretary = async (key = 'miss-lemon') => (await cluster.node('n1', quick)).actor(Secretary, key);

  it('is executed when it is due, not before, and once', async () => {
    const actor = await secretary();
    const began = Date.now();
    await actor.set('meeting', { delayMs: 60, data: 'with P.' });
    await eventually(() => told.length === 1);
    expect(Date.now() - began).to.be.at.least(60);
    expect(told).to.deep.equal(['miss-lemon meeting with P.']);
    const [reminder] = due;
    expect(reminder?.missed).to.equal(0);
    expect(reminder?.dueAt.getTime()).to.be.within(began + 60, Date.now());
    expect(await actor.entries()).to.equal(1);
    await pause(80);
    expect(told).to.have.length(1);
    expect(await actor.list()).to.deep.equal([]);
  });

  it('outlives its activation and its node, and says what was missed', async () => {
    const first = await cluster.node('n1', quick);
    await first.actor(Secretary, 'a').set('meeting', { every: 1_000, first: 10 });
    await eventually(() => told.length === 1);
    await first.shutdown();
    await pause(2_300);
    await cluster.node('n2', quick);
    await eventually(() => told.length === 2);
    expect(due[1]?.missed).to.equal(1);
    const apartMs = (due[1]?.dueAt.getTime() ?? 0) - (due[0]?.dueAt.getTime() ?? 0);
    expect(apartMs).to.equal(2_000);
  });

  it('is set with the commit of its turn, or not at all', async () => {
    const actor = await secretary();
    await failureOf(actor.setAndFail());
    expect(await actor.list()).to.deep.equal([]);
    await actor.set('meeting', { delayMs: 40 });
    await failureOf(actor.cancelAndFail());
    expect((await actor.list()).map(({ name }) => name)).to.deep.equal(['meeting']);
    await eventually(() => told.length === 1);
  });

  it('that was cancelled is never executed, also when it cancels itself and when it was set again', async () => {
    const actor = await secretary();
    await actor.set('water', { every: '1 second', first: 5 });
    await eventually(() => told.length === 1);
    await actor.set('meeting', { delayMs: 30, data: 'old' });
    await actor.cancel('meeting');
    await actor.set('call', { delayMs: 20_000 });
    expect((await actor.list()).map(({ name }) => name)).to.deep.equal(['call']);
    await actor.set('meeting', { delayMs: 60, data: 'first' });
    await actor.set('meeting', { delayMs: 60, data: 'second' });
    await eventually(() => told.length === 2);
    await pause(100);
    expect(told).to.deep.equal(['water', 'miss-lemon meeting second']);
  });

  it('brings references that call as its turn does', async () => {
    const node = await cluster.node('n1', quick);
    await node.actor(Secretary, 'a').setCall(node.actor(Secretary, 'b'));
    await eventually(() => told.includes('b heard a'));
  });

  it('is listed with what it was set to, as soon as it is set', async () => {
    const actor = await secretary();
    const before = await actor.setAndList();
    expect(before).to.deep.equal([{ name: 'meeting', nextAt: undefined, everyMs: 7_200_000 }]);
    await actor.set('call', { cron: '0 9 * * MON', timeZone: 'Europe/Berlin' });
    await eventually(async () => (await actor.list()).every(({ nextAt }) => nextAt !== undefined));
    const [call, meeting] = await actor.list();
    expect(call).to.include({ name: 'call', cron: '0 9 * * MON', timeZone: 'Europe/Berlin' });
    expect(
      call?.nextAt?.toLocaleString('en-GB', { timeZone: 'Europe/Berlin', weekday: 'short', hour: '2-digit' }),
    ).to.equal('Mon, 09');
    expect((meeting?.nextAt?.getTime() ?? 0) - Date.now()).to.be.within(7_190_000, 7_200_000);
  });

  it('by a pattern is executed again and again', async () => {
    const actor = await secretary();
    await actor.set('meeting', { cron: '* * * * * *' });
    await eventually(() => due.length >= 2);
    expect((due[1]?.dueAt.getTime() ?? 0) - (due[0]?.dueAt.getTime() ?? 0)).to.equal(1_000);
    expect((due[0]?.dueAt.getTime() ?? 1) % 1_000).to.equal(0);
  });

  it('that its handler refuses is tried again, and of one that is due once that is a dead letter in the end', async () => {
    const node = await cluster.node('n1', { deliveries: { ...quick.deliveries, maxRefusals: 3 } });
    Fickle.refusals = 2;
    await node.actor(Fickle, 'f').set({ delayMs: 5 });
    await eventually(() => due.length === 1);
    Fickle.refusals = 3;
    await node.actor(Fickle, 'g').set({ at: new Date(0) });
    const letters = async () => {
      const found = [];
      for await (const letter of node.deadLetters()) found.push(letter);
      return found;
    };
    await eventually(async () => (await letters()).length === 1);
    const [letter] = await letters();
    expect(letter).to.deep.include({ target: 'spec/Fickle/g', handler: '$reminder/try', attempts: 3 });
    expect(letter?.error).to.deep.equal({ code: 'Error', message: 'not now' });
    expect(await node.deadLetters().resend(letter?.id ?? '')).to.equal(true);
    await eventually(() => due.length === 2);
    expect(await letters()).to.deep.equal([]);
  });

  it('that comes again is not ended by a due time that its handler refused: the next one says that it was missed', async () => {
    const node = await cluster.node('n1', { deliveries: { ...quick.deliveries, maxRefusals: 2 } });
    Fickle.refusals = 2;
    await node.actor(Fickle, 'f').set({ every: 1_000, first: 0 });
    await eventually(() => due.length === 1);
    expect(due[0]?.missed).to.equal(1);
  });

  it('may be set in a hook', async () => {
    const node = await cluster.node('n1', quick);
    await node.actor(Fickle, 'early').start();
    await eventually(() => due.length === 1);
  });

  it('may be set by the tick of a timer', async () => {
    const actor = await secretary();
    await actor.later();
    await eventually(() => told.length > 0);
  });

  it('that cannot be is refused where it is set, and so is one without a method', async () => {
    const actor = await secretary();
    const wrong: readonly [ReminderOptions, string][] = [
      [{}, 'was given nothing'],
      [{ every: 999 }, 'from 1,000'],
      [{ every: '3 fortnights' }, '30 days'],
      [{ every: 1_000, at: new Date(0) }, 'every and at'],
      [{ delayMs: 5, first: 6 }, 'first without every'],
      [{ delayMs: 5, timeZone: 'UTC' }, 'timeZone without cron'],
      [{ cron: '61 * * * *' }, 'cannot be'],
      [{ cron: '0 9 * * *', timeZone: 'Mars/Olympus' }, 'Mars/Olympus'],
      [{ cron: '0 0 30 2 *' }, 'never be due'],
      [{ delayMs: -1 }, 'delayMs'],
    ];
    for (const [options, said] of wrong) {
      const error = await failureOf(actor.set('meeting', options));
      expect(error.message, JSON.stringify(options)).to.contain(said);
    }
    expect((await failureOf(actor.set('lunch', { delayMs: 1 }))).message).to.contain("@Reminder('lunch')");
    expect((await failureOf(actor.set('', { delayMs: 1 }))).message).to.contain('name');
    expect(await actor.list()).to.deep.equal([]);
  });

  it('whose data no packet would take is refused where it is set', async () => {
    const node = await cluster.node('n1', { ...quick, transport: { maxPacketBytes: 20_000 } });
    const actor = node.actor(Secretary, 'a');
    const large = (letters: number) =>
      actor.set('meeting', { delayMs: 10, data: Array.from({ length: letters }, () => 1) });
    const error = await failureOf(large(9_900));
    expect(error.message).to.match(
      /PACKET_TOO_LARGE: the data of the reminder 'meeting' of spec\/Secretary\/a does not fit into a packet/,
    );
    expect(await actor.list()).to.deep.equal([]);
    await large(4_000);
    await eventually(() => told.length === 1);
  });

  it('whose call comes from somebody else with what no reminder brings is refused by a code', async () => {
    const node = await cluster.node('n1', quick);
    const bus = node.actor(Secretary, 'a') as unknown as { $call(handler: object, args: unknown[]): Promise<unknown> };
    const handler = { method: '$reminder/meeting', options: {}, parameters: [], mode: 'alone', mayReenter: false };
    for (const args of [
      [],
      [1],
      [{ setting: 'x' }],
      [{ setting: 'x', dueAt: 9e15, missed: 0 }],
      [{ setting: 'x', dueAt: 1, missed: -1 }],
    ])
      expect(await codeOf(bus.$call(handler, args))).to.equal('HANDLER_FAILED');
    expect(await bus.$call(handler, [{ setting: 'x', dueAt: 1, missed: 0 }])).to.equal('not-set');
    expect(await codeOf(bus.$call({ ...handler, method: '$reminder/lunch' }, []))).to.equal('UNKNOWN_HANDLER');
    expect(told).to.deep.equal([]);
  });
});

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
  Reminder,
  unchecked,
  type ActorReference,
  type CallFilter,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import { StateStorage } from 'moonpool/modules';
import { MemoryStorage } from '../../lib/storage/memory-storage';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

class Count {
  n = 0;
}
let isBroken = false;

@Actor({ name: 'Callee' })
class Callee {
  @Persist(Count) readonly state!: ActorState<Count>;
  @Handler() async fail(): Promise<void> {
    throw new Error('the callee failed');
  }
  @Handler() async failLater(): Promise<void> {
    await sleep(10);
    throw new Error('the callee failed later');
  }
  @Handler({ idempotent: true }) async failOnce(): Promise<void> {
    throw new Error('the callee failed once');
  }
  @Handler({ accepts: unchecked }) async take(_value: unknown): Promise<string> {
    return 'taken';
  }
  unmarked(): void {}
}

/** What a handler may forget to await. */
abstract class Forgetful {
  constructor(@inject(ActorContext) protected readonly context: ActorContext) {}
  abstract readonly state: ActorState<Count>;

  protected get callee(): ActorReference<Callee> {
    return this.context.actor(Callee, 'c');
  }

  @Handler() async aCall(): Promise<string> {
    void this.callee.fail();
    return 'done';
  }
  @Handler() async aCallThatFailsLater(): Promise<string> {
    void this.callee.failLater();
    return 'done';
  }
  @Handler() async anIdempotentCall(): Promise<string> {
    void this.callee.failOnce();
    return 'done';
  }
  @Handler() async aCallThatCannotBeSent(): Promise<string> {
    void this.callee.take(() => 1);
    return 'done';
  }
  @Handler() async aCallOfNoHandler(): Promise<string> {
    void (this.callee as unknown as Callee).unmarked();
    return 'done';
  }
  @Handler() async aMessageThatWaitsForRoom(): Promise<string> {
    void this.callee.$trySend.take(() => 1);
    return 'done';
  }
  @Handler() async aReminder(): Promise<string> {
    void this.context.remind('none', { delayMs: 1 });
    return 'done';
  }
  @Handler() async theEndOfAReminder(): Promise<string> {
    void this.context.cancelReminder('none');
    return 'done';
  }
  @Handler() async whatWasScheduled(): Promise<string> {
    this.context.time.schedule(1, () => this.callee.fail());
    return 'done';
  }
  @Handler() async anAwaitThatComesLate(): Promise<string> {
    const call = this.callee.fail();
    await sleep(5);
    return call.then(
      () => 'no failure',
      () => 'done',
    );
  }
  @Handler() async aDelivery(): Promise<string> {
    isBroken = true;
    void this.callee.$deliver.take('x');
    return 'done';
  }
  @Handler() async aWrite(): Promise<string> {
    isBroken = true;
    this.state.value.n++;
    void this.state.persist();
    return 'done';
  }
  @Handler() async theEndOfAState(): Promise<string> {
    isBroken = true;
    void this.state.clear();
    return 'done';
  }
  @Handler() async aReload(): Promise<string> {
    isBroken = true;
    void this.state.reload();
    return 'done';
  }
  @Reminder('some') async onReminder(): Promise<void> {}
}

@Actor({ name: 'Explicit' })
class Explicit extends Forgetful {
  @Persist(Count) readonly state!: ActorState<Count>;
}
@Actor({ name: 'AfterTurn', persist: 'after-turn' })
class AfterTurn extends Forgetful {
  @Persist(Count) readonly state!: ActorState<Count>;
}

const PLACES = Object.getOwnPropertyNames(Forgetful.prototype).filter(
  (name) => !['constructor', 'callee', 'onReminder'].includes(name),
) as Exclude<keyof Forgetful, 'state' | 'onReminder'>[];

/** The store is away where it fails, so that the turn does. */
const OF_THE_STORE = ['aDelivery', 'aWrite', 'theEndOfAState'];

describe('What a turn has begun and not waited for', () => {
  const lines: string[] = [];
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  const storage: ContainerModule = {
    name: 'storage',
    load(bind) {
      const say = (message: string, ...more: unknown[]) => void lines.push(`${message} ${JSON.stringify(more)}`);
      bind(Logger).toValue({ info: say, warn: say, error: say });
      bind(StateStorage).toFactory([], () => {
        const proper = new MemoryStorage(Date.now);
        const { commit, deliver } = MemoryStorage.prototype;
        const checked = async <T>(work: () => Promise<T>): Promise<T> => {
          if (isBroken) throw new Error('the store is away');
          return work();
        };
        return Object.assign(proper, {
          commit: (...args: Parameters<typeof commit>) => checked(() => commit.apply(proper, args)),
          deliver: (...args: Parameters<typeof deliver>) => checked(() => deliver.apply(proper, args)),
        });
      });
    },
  };
  const pass: CallFilter = (_call, next) => next();
  const start = (more: Partial<StartOptions> = {}) =>
    ActorRuntime.start({
      namespace: 'spec',
      name: 'n1',
      actors: [Callee, Explicit, AfterTurn],
      modules: [memory(), storage],
      activation: { failureHoldMs: 0 },
      ...more,
    });

  before(() => process.on('unhandledRejection', note));
  after(() => process.off('unhandledRejection', note));
  beforeEach(() => {
    lines.length = 0;
    unhandled.length = 0;
    isBroken = false;
  });

  for (const type of [Explicit, AfterTurn]) {
    for (const [how, options] of Object.entries({ '': {}, ' behind a filter': { outgoing: [pass] } })) {
      it(`ends no process when it fails, in ${type.name}${how}`, async () => {
        const node = await start(options);
        for (const place of PLACES) {
          const actor = node.actor(type as typeof Explicit, place);
          const outcome = await actor[place]().catch((error: Error) => error);
          await sleep(20);
          isBroken = false;
          if (!OF_THE_STORE.includes(place)) expect(outcome, place).to.equal('done');
          expect(unhandled, place).to.deep.equal([]);
          expect(await node.actor(Callee, 'c').take(1), place).to.equal('taken');
        }
        await node.shutdown();
      });
    }
  }

  it('is told when its turn is over: the call that failed, or what was asked of the context', async () => {
    const node = await start();
    const actor = node.actor(Explicit, 'x');
    await actor.aCallThatFailsLater();
    await actor.aReminder();
    await actor.aCallOfNoHandler();
    await actor.whatWasScheduled();
    await sleep(30);
    await node.shutdown();
    const told = lines.join('\n');
    expect(told).to.match(/a call failed for which its turn has not waited.*spec\/Callee\/c.*failLater/);
    expect(told).to.match(/what an actor asked of its context failed.*spec\/Explicit\/x.*remind.*UNKNOWN_REMINDER/);
    expect(told).to.match(/a call that cannot be made was refused.*unmarked.*UNKNOWN_HANDLER/);
    expect(told).to.include('a callback that was scheduled failed');
  });

  it('is as everywhere outside of turns: whoever does not wait for a call that fails hears of it from Node.js', async () => {
    const node = await start();
    void node.actor(Callee, 'c').fail();
    await sleep(10);
    await node.shutdown();
    // A runner of tests may say it again.
    expect([...new Set(unhandled)].map(String)).to.deep.equal(['Error: the callee failed']);
  });
});

import { Type } from 'class-transformer';
import { IsNotEmpty, IsString, Max, Min, registerDecorator, ValidateNested } from 'class-validator';
import { expect } from 'chai';
import {
  Actor,
  Handler,
  Persist,
  type ActorClass,
  type ActorRuntime,
  type ActorState,
  type MoonpoolError,
} from 'moonpool';
import { ClusterFixture } from '../activation/cluster-fixture';
import { HeldStorage } from './held-storage';

class Coin {
  @Min(1) worth = 1;
}

class Savings {
  @Min(0) @Max(1_000) amount = 0;
  /** Broken by a new state, which nobody has written yet. */
  @IsString() @IsNotEmpty() owner = '';
  @Type(() => Coin) coins: Coin[] = [];
  @ValidateNested() @Type(() => Coin) best: Coin | undefined;
}

/** What a handler does to the state. */
const deeds: Readonly<Record<string, (state: ActorState<Savings>) => void>> = {
  right: ({ value }) => void Object.assign(value, { amount: 10, owner: 'ann' }),
  'too much': ({ value }) => void Object.assign(value, { amount: 2_000, owner: 'ann' }),
  'a wrong coin': ({ value }) => value.coins.push(Object.assign(new Coin(), { worth: 0 })),
  'a wrong plain coin': ({ value }) => value.coins.push({ worth: -1 }),
  'a wrong best coin': ({ value }) => void (value.best = { worth: 0 }),
  'a plain object': (state) => void (state.value = { amount: -5, owner: 'ann', coins: [], best: undefined }),
  nothing: () => undefined,
};

@Actor({ name: 'Purse', persist: 'after-turn' })
class Purse {
  @Persist(Savings) private readonly savings!: ActorState<Savings>;
  @Handler() async act(deed: string): Promise<void> {
    deeds[deed]?.(this.savings);
  }
  @Handler({ readOnly: true }) async amount(): Promise<number> {
    return this.savings.value.amount;
  }
}

@Actor({ name: 'Purse' })
class PurseThatPersists {
  @Persist(Savings) private readonly savings!: ActorState<Savings>;
  @Handler() async act(deed: string): Promise<void> {
    deeds[deed]?.(this.savings);
    await this.savings.persist();
  }
  @Handler({ readOnly: true }) async amount(): Promise<number> {
    return this.savings.value.amount;
  }
}

@Actor({ name: 'Purse', persist: 'after-turn' })
class PurseWithoutRules {
  @Persist(Savings, { name: 'savings', validate: false }) private readonly savings!: ActorState<Savings>;
  @Handler() async act(deed: string): Promise<void> {
    deeds[deed]?.(this.savings);
  }
  @Handler({ readOnly: true }) async amount(): Promise<number> {
    return this.savings.value.amount;
  }
}

describe('The rules of a state', () => {
  let storage: HeldStorage;
  let clusters: ClusterFixture[];

  beforeEach(() => {
    storage = new HeldStorage();
    clusters = [];
  });
  afterEach(async () => {
    for (const cluster of clusters) await cluster.shutdown();
  });

  async function start(actor: ActorClass): Promise<ActorRuntime> {
    const cluster = new ClusterFixture([actor]);
    clusters.push(cluster);
    return cluster.node('n1', { modules: cluster.with(storage.module), activation: { failureHoldMs: 0 } });
  }

  const failureOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'done',
      (error: Error & { executed?: string }) => `${error.message} [${error.executed}]`,
    );

  for (const actor of [Purse, PurseThatPersists]) {
    describe(`under ${actor.name}`, () => {
      for (const [deed, why] of [
        ['too much', /amount must not be greater than 1000/],
        ['a wrong coin', /coins\[0\]\.worth must not be less than 1/],
        ['a wrong plain coin', /coins\[0\]\.worth must not be less than 1/],
        ['a wrong best coin', /best\.worth must not be less than 1/],
        ['a plain object', /amount must not be less than 0/],
      ] as const)
        it(`are not broken by ${deed}: that is not written, and the actor goes on with what is`, async () => {
          const purse = (await start(actor)).actor<Purse | PurseThatPersists>(actor, 'a');
          await purse.act('right');
          const before = storage.commits.length;
          const failure = await failureOf(purse.act(deed));
          expect(failure).to.match(
            /STATE_INVALID: [Tt]he state 'savings' of spec\/Purse\/a, which was not written, breaks rules of Savings: /,
          );
          expect(failure)
            .to.match(why)
            .and.to.match(/\[yes\]$/);
          expect(storage.commits).to.have.length(before);
          expect(await purse.amount()).to.equal(10);
          await purse.act('right');
        });
    });
  }

  it('say nothing of a new state that is not written', async () => {
    const purse = (await start(Purse)).actor(Purse, 'a');
    await purse.act('nothing');
    expect(await purse.amount()).to.equal(0);
    expect(storage.commits).to.have.length(0);
  });

  it('hold for what was stored without them: it is not served, and left as it is', async () => {
    const older = await start(PurseWithoutRules);
    await older.actor(PurseWithoutRules, 'a').act('too much');
    await older.shutdown();
    const stored = await storage.read('spec/Purse/a');
    const runtime = await start(Purse);
    const failure = await runtime
      .actor(Purse, 'a')
      .amount()
      .catch((error: unknown) => error as MoonpoolError);
    expect(failure).to.have.property('code', 'ACTIVATION_FAILED');
    expect(failure).to.have.nested.property('cause.code', 'STATE_INVALID');
    expect(failure).to.have.nested.property('cause.executed', 'no');
    expect(String(failure)).to.contain(
      "the stored state 'savings' of spec/Purse/a breaks rules of Savings: amount must not be greater than 1000",
    );
    expect((await storage.read('spec/Purse/a'))?.data).to.deep.equal(stored?.data);
  });

  it('hold for what upcasts have made of it', async () => {
    @Actor({ name: 'Purse', persist: 'after-turn' })
    class NewerPurse {
      @Persist(Savings, { name: 'savings', version: 2, upcast: [(old) => ({ ...old, amount: 7 })] })
      private readonly savings!: ActorState<Savings>;
      @Handler({ readOnly: true }) async amount(): Promise<number> {
        return this.savings.value.amount;
      }
    }
    const older = await start(PurseWithoutRules);
    await older.actor(PurseWithoutRules, 'a').act('too much');
    await older.shutdown();
    expect(await (await start(NewerPurse)).actor(NewerPurse, 'a').amount()).to.equal(7);
  });

  it('are not asked when an upcast has failed or returned nothing, which is no fault of the store and is told by its version', async () => {
    const upcasts = [(old: Record<string, unknown>) => void (old['amount'] = 7), () => expect.fail('no such currency')];
    @Actor({ name: 'Purse', persist: 'after-turn' })
    class ForgetfulPurse {
      @Persist(Savings, {
        name: 'savings',
        version: 2,
        upcast: [((old: Record<string, unknown>) => upcasts[0]?.(old)) as never],
      })
      private readonly savings!: ActorState<Savings>;
      @Handler({ readOnly: true }) async amount(): Promise<number> {
        return this.savings.value.amount;
      }
    }
    const older = await start(PurseWithoutRules);
    await older.actor(PurseWithoutRules, 'a').act('too much');
    await older.shutdown();
    for (const why of [
      'returned undefined, and must return the object of the next version',
      'failed: no such currency',
    ]) {
      const newer = await start(ForgetfulPurse);
      const error: unknown = await newer
        .actor(ForgetfulPurse, 'a')
        .amount()
        .catch((thrown: unknown) => thrown);
      expect(String(error)).to.contain(`cannot be read: the upcast from version 1 ${why}`);
      expect(error).to.have.nested.property('cause.code', 'STATE_NOT_REBUILT');
      await newer.shutdown();
      upcasts.shift();
    }
  });

  it('may throw, which is a broken rule', async () => {
    class Odd {
      @Broken() field = 1;
      touched = 0;
    }
    @Actor({ name: 'OddOne', persist: 'after-turn' })
    class OddOne {
      @Persist(Odd) private readonly odd!: ActorState<Odd>;
      @Handler() async touch(): Promise<void> {
        this.odd.value.touched++;
      }
    }
    expect(await failureOf((await start(OddOne)).actor(OddOne, 'a').touch())).to.contain(
      'breaks rules of Odd: no such rule today',
    );
  });

  it('are refused when a node starts where nothing could wait for them', async () => {
    class Late {
      @Asynchronous() field = 1;
    }
    @Actor({ name: 'LateOne' })
    class LateOne {
      @Persist(Late) private readonly late!: ActorState<Late>;
      @Handler() async touch(): Promise<void> {
        await this.late.persist();
      }
    }
    const failure = await failureOf(start(LateOne));
    expect(failure).to.contain('INVALID_ACTOR_CLASSES').and.to.contain('Late has an asynchronous rule on field');
  });
});

function Broken(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'broken',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: () => {
          throw new Error('no such rule today');
        },
      },
    });
}

function Asynchronous(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'asynchronous',
      async: true,
      target: target.constructor,
      propertyName: String(property),
      validator: { validate: async () => true },
    });
}

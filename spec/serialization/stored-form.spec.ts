import { expect } from 'chai';
import { Type } from 'class-transformer';
import { Actor, ActorContext, ActorRuntime, ActorState, Handler, inject, memory, Persist } from 'moonpool';
import { classForm } from '../../lib/serialization/class-form';
import { storedForm } from '../../lib/serialization/stored-form';

class Coin {
  cents = 1;
  note?: string = 'new';
}
class Bill extends Coin {
  serial?: string = 'S';
}
class Purse {
  coupon?: string = 'WELCOME';
  late: number | undefined = undefined;
  @Type(() => Coin) coins: Coin[] = [];
  @Type(() => Coin) byName = new Map<string, Coin>();
  @Type(() => Coin) kept = new Set<Coin>();
  @Type(() => Coin, {
    discriminator: {
      property: 'kind',
      subTypes: [
        { value: Bill, name: 'bill' },
        { value: Coin, name: 'coin' },
      ],
    },
  })
  last: Coin = new Coin();
}

const without = <T extends object>(value: T, key: keyof T): T => {
  delete value[key];
  return value;
};

@Actor({ name: 'Keeper' })
class Keeper {
  @Persist(Purse) private readonly purse!: ActorState<Purse>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async spend(): Promise<void> {
    const { value } = this.purse;
    delete value.coupon;
    value.coins = [new Coin(), without(new Coin(), 'note')];
    value.byName.set('a', without(new Coin(), 'note'));
    value.kept.add(without(new Coin(), 'note'));
    value.last = without(new Bill(), 'serial');
    await this.purse.persist();
    this.context.deactivateOnIdle();
  }
  @Handler() async look(): Promise<unknown> {
    const { coupon, coins, byName, kept, last } = this.purse.value;
    const notes = [...coins, byName.get('a'), ...kept].map((coin) => coin?.note);
    const isMade = [...coins, byName.get('a'), ...kept].every((coin) => coin instanceof Coin);
    return { coupon, notes, isMade, last: [last instanceof Bill, (last as Bill).serial, last.note] };
  }
}

describe('What is stored of a value', () => {
  it('is the value itself, unless something was deleted that its class gives', () => {
    const purse = new Purse();
    purse.coins.push(new Coin());
    purse.last = new Coin();
    expect(storedForm(Purse, purse)).to.deep.equal(classForm(Purse, purse));
    class Plain {
      a = 1;
      b: unknown = undefined;
    }
    for (const plain of [new Plain(), without(new Plain(), 'b'), Object.assign(new Plain(), { more: 1 })])
      expect(storedForm(Plain, plain)).to.equal(plain);
    // Nothing was deleted from what its constructor has not made.
    for (const plain of [{}, { b: 1 }, new Coin(), Object.create(null) as object])
      expect(storedForm(Plain, plain)).to.equal(plain);
    const coins = Object.assign(new Purse(), { coins: [{ cents: 5 }] });
    expect(storedForm(Purse, coins)).to.have.deep.property('coins', [{ cents: 5 }]);
    const deleted = without(new Plain(), 'a');
    expect(storedForm(Plain, deleted)).to.be.an.instanceOf(Plain).and.deep.include({ a: undefined });
    expect(deleted).not.to.have.property('a');
  });

  it('does not come back when the actor is activated again: what was deleted stays away, also in lists, maps and sets', async () => {
    const node = await ActorRuntime.start({ namespace: 'spec', name: 'n', actors: [Keeper], modules: [memory()] });
    const keeper = node.actor(Keeper, 'x');
    await keeper.spend();
    expect(await keeper.look()).to.deep.equal({
      coupon: undefined,
      notes: ['new', undefined, undefined, undefined],
      isMade: true,
      last: [true, undefined, 'new'],
    });
    await node.shutdown();
  });
});

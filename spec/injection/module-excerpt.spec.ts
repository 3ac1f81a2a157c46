import { expect } from 'chai';
import { BindingPlan } from '../../lib/injection/binding-plan';
import type { ContainerModule } from '../../lib/injection/container-module';
import { excerptOf } from '../../lib/injection/module-excerpt';
import { NodeContainer } from '../../lib/injection/node-container';
import { token } from '../../lib/injection/token';

const Address = token<string>('Address');
const Link = token<{ readonly to: string }>('Link');
const Shop = token<string>('Shop');
const Cellar = token<string>('Cellar');

/** A shop, and what it is made of, and a cellar. */
function shopAt(address: string, life: string[] = []): ContainerModule {
  return {
    name: `shop at ${address}`,
    load(bind) {
      bind(Shop).toFactory([Link, Address], (link, country) => `${link.to}, ${country}`);
      bind(Link).toFactory([], () => ({ to: address, start: () => void life.push(`start ${address}`) }));
      bind(Cellar).toFactory([Shop], (shop) => {
        life.push(`dig under ${shop}`);
        return shop;
      });
    },
  };
}

describe('An excerpt of a module', () => {
  const Other = token<string>('Other');
  const country: ContainerModule = { name: 'country', load: (bind) => bind(Address).toValue('Shire') };

  it('stands beside the same bindings of another, with all that it is made of, and no more', async () => {
    const life: string[] = [];
    const plan = new BindingPlan([country, shopAt('Bywater', life)]);
    plan.add(excerptOf(shopAt('Hobbiton', life), Shop, Other, 'the other shop'));
    const container = new NodeContainer(plan);
    await container.start();
    expect([container.get(Shop), container.get(Other)]).to.deep.equal(['Bywater, Shire', 'Hobbiton, Shire']);
    expect(life.sort()).to.deep.equal(['dig under Bywater, Shire', 'start Bywater', 'start Hobbiton']);
  });

  it('takes what its module does not bind from the others, and says whose it is when that is missing', () => {
    const plan = new BindingPlan([]);
    plan.add(excerptOf(shopAt('Hobbiton'), Shop, Other, 'the other shop'));
    expect(() => new NodeContainer(plan)).to.throw(
      /The container lacks: Address, needed by Other of module shop at Hobbiton/,
    );
  });

  it('tells of circles and of other mistakes of its module', () => {
    const circle: ContainerModule = {
      name: 'circle',
      load(bind) {
        bind(Shop).toFactory([Cellar], (cellar) => cellar);
        bind(Cellar).toFactory([Shop], (shop) => shop);
        bind(Cellar).toValue('twice');
      },
    };
    const plan = new BindingPlan([]);
    plan.add(excerptOf(circle, Shop, Other, 'the other shop'));
    expect(() => new NodeContainer(plan)).to.throw(
      /The module circle binds Cellar twice[^]*Cellar of the other shop -> Other -> Cellar of the other shop/,
    );
  });

  it('is none when the module does not bind what is wanted', () => {
    const plan = new BindingPlan([]);
    plan.add(excerptOf(country, Shop, Other, 'the other shop'));
    expect(() => new NodeContainer(plan)).to.throw(
      /The module country binds no Shop, and the other shop is to be made of it/,
    );
  });
});

import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  isMoonpoolError,
  Logger,
  memory,
  Observer,
  StatelessWorker,
  type ActorClass,
  type ActorReferences,
  type ActorReference,
  type ContainerModule,
} from 'moonpool';

@Actor({ name: 'Cart' })
class Cart {
  private readonly items: string[] = [];
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async add(item: string): Promise<readonly string[]> {
    this.items.push(item);
    return this.items;
  }
  /** As a handler does that takes the key out of a request which lacks it. */
  @Handler() async ofOwner(owner: { id?: string }): Promise<readonly string[]> {
    return this.context.actor(Cart, owner.id as string).add('x');
  }
  @Handler() async pass(other: ActorReference<Cart>): Promise<readonly string[]> {
    return other.add('passed');
  }
}

@Actor({ name: 'Pulse', static: true })
class Pulse {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async beat(): Promise<string> {
    return this.context.node.name;
  }
}

/** A class of the same name that an older client has, which takes it for one with keys, or without. */
@Actor({ name: 'Cart', static: true })
class CartWithoutKeys {
  @Handler() async add(_item: string): Promise<readonly string[]> {
    return [];
  }
}
@Actor({ name: 'Pulse' })
class PulseWithKeys {
  @Handler() async beat(): Promise<string> {
    return '';
  }
}

@Observer({ name: 'Ear' })
class Ear {
  @Handler() async hear(): Promise<void> {}
}

/** As JavaScript calls it, where no compiler looks. */
const ask = (from: ActorReferences, ...args: readonly unknown[]): unknown =>
  Reflect.apply(Reflect.get(from, 'actor') as () => unknown, from, args);

function refusalOf(code: () => unknown): Error {
  try {
    code();
  } catch (error) {
    if (isMoonpoolError(error, 'INVALID_ACTOR_ID') && error.executed === 'no') return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const failureOf = (promise: Promise<unknown>): Promise<Error & { code?: string }> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: Error) => error,
  );

describe('A reference', () => {
  const runtimes: ActorRuntime[] = [];
  const store = memory();
  const quiet: ContainerModule = {
    name: 'quiet',
    load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
  };
  const options = (actors: readonly ActorClass[] = [Cart, Pulse]) => ({
    namespace: 'spec',
    actors,
    observers: [Ear],
    modules: [store, quiet],
    inProcess: false,
  });
  let node: ActorRuntime;
  before(async () => {
    node = await ActorRuntime.start({ ...options(), name: 'n1' });
    runtimes.push(node);
  });
  after(async () => {
    for (const runtime of runtimes.splice(0).reverse()) await runtime.shutdown();
  });
  const connect = async (actors?: readonly ActorClass[]) => {
    const client = await ActorRuntime.connect(options(actors));
    runtimes.push(client);
    return client;
  };

  it('to an actor that has a key is not made without one, nor with one that is missing', async () => {
    for (const from of [node, await connect()]) {
      expect(refusalOf(() => ask(from, Cart)).message)
        .to.contain('without a key')
        .and.to.contain('static: true');
      expect(refusalOf(() => ask(from, Cart, undefined)).message).to.contain('Cart is undefined');
      expect(refusalOf(() => ask(from, Cart, null)).message).to.contain('Cart is null');
      expect(refusalOf(() => ask(from, Ear)).message).to.contain('without a key');
      for (const key of ['', [], Number.NaN, {}, true]) refusalOf(() => ask(from, Cart, key));
    }
  });

  it('is not made by an actor either whose request lacks the key', async () => {
    const error = await failureOf(node.actor(Cart, 'a').ofOwner({}));
    expect(error).to.include({ code: 'HANDLER_FAILED' });
    expect(error.message).to.contain('INVALID_ACTOR_ID').and.to.contain('Cart is undefined');
  });

  it('to a static actor is made without a key alone', async () => {
    const client = await connect();
    expect(await node.actor(Pulse).beat()).to.equal('n1');
    expect(await client.actor(Pulse).$on(node.address).beat()).to.equal('n1');
    for (const from of [node, client]) {
      for (const key of ['a', 5, null, undefined])
        expect(refusalOf(() => ask(from, Pulse, key)).message).to.contain('Pulse');
    }
  });

  it('of a program that takes the class for another kind is refused where its actors live', async () => {
    const client = await connect([CartWithoutKeys, PulseWithKeys]);
    expect(await failureOf(client.actor(CartWithoutKeys).$on(node.address).add('x'))).to.include({
      code: 'INVALID_ACTOR_ID',
    });
    expect(await failureOf(client.actor(PulseWithKeys, 'k').beat())).to.include({ code: 'INVALID_ACTOR_ID' });
    expect(await node.actor(Cart, 'fresh').add('mine')).to.deep.equal(['mine']);
  });

  it('as a value of another kind than its class is refused by who receives it', async () => {
    @Actor({ name: 'Cart' })
    class OlderCart {
      @Handler() async pass(_other: unknown): Promise<void> {}
    }
    const client = await connect([OlderCart, PulseWithKeys]);
    expect(await failureOf(client.actor(OlderCart, 'a').pass(client.actor(PulseWithKeys, 'k')))).to.include({
      code: 'UNKNOWN_REFERENCE',
    });
  });
});

describe('A class', () => {
  const mistakesOf = async (actor: ActorClass): Promise<string> =>
    (await failureOf(ActorRuntime.start({ namespace: 'spec', name: 'n1', actors: [actor], modules: [memory()] })))
      .message;

  it('that is static is no stateless worker, and says so with true or false', async () => {
    @Actor({ name: 'Both', static: true })
    @StatelessWorker()
    class Both {
      @Handler() async ask(): Promise<void> {}
    }
    @Actor({ name: 'Maybe', static: 'yes' as never })
    class Maybe {
      @Handler() async ask(): Promise<void> {}
    }
    expect(await mistakesOf(Both)).to.contain('Both is static and a stateless worker');
    expect(await mistakesOf(Maybe)).to.match(/Maybe is declared wrongly.*static/);
  });
});

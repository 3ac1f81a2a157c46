import { expect } from 'chai';
import { ActorRuntime, Handler, isMoonpoolError, memory, Observer, type ActorReference } from 'moonpool';
import { Listener, Room } from './observers-fixture';
import './observers-simulation';

const keyOf = (listener: ActorReference<Listener>): string => String(listener.$id.key);
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

for (const inProcess of [true, false]) {
  describe(`Observers, ${inProcess ? 'in the process of the node' : 'over TCP'}`, () => {
    let runtimes: ActorRuntime[] = [];
    let node: ActorRuntime;
    let client: ActorRuntime;
    const parts = () => ({ namespace: 'spec', actors: [Room], observers: [Listener], inProcess });

    beforeEach(async () => {
      const modules = [memory()];
      node = await ActorRuntime.start({ ...parts(), modules, name: 'n1' });
      client = await ActorRuntime.connect({ ...parts(), modules });
      runtimes = [client, node];
    });
    afterEach(async () => {
      for (const runtime of runtimes) await runtime.shutdown();
    });

    it('are called by actors, in order, and answer', async () => {
      const room = client.actor(Room, 'hall');
      const listener = new Listener();
      const { reference } = await client.observe(listener, (me) => room.join(keyOf(me)));
      expect([await room.say('one'), await room.say('two')]).to.deep.equal([1, 1]);
      expect(listener.heard).to.deep.equal(['one', 'two']);
      expect(await room.ask(keyOf(reference), 'three')).to.equal('heard three');
    });

    it('may live on a node too, and be called by others', async () => {
      const listener = new Listener();
      const { reference } = await node.observe(listener);
      expect(await client.actor(Room, 'hall').ask(keyOf(reference), 'here')).to.equal('heard here');
      expect(await client.actor(Listener, keyOf(reference)).said('there')).to.equal('heard there');
      expect(listener.heard).to.deep.equal(['here', 'there']);
    });

    it('are gone when they end, and are forgotten by the actor that calls them next', async () => {
      const room = client.actor(Room, 'hall');
      const observation = await client.observe(new Listener(), (me) => room.join(keyOf(me)));
      await observation.end();
      const error = await failureOf(room.ask(keyOf(observation.reference), 'late'));
      expect((error as Error).cause).to.include({ code: 'OBSERVER_GONE', executed: 'no' });
      const key = keyOf(observation.reference);
      expect([await room.size(), await room.has(key)]).to.deep.equal([1, true]);
      expect(await room.say('late')).to.equal(0);
      expect([await room.size(), await room.has(key)]).to.deep.equal([0, false]);
    });

    it('renew their subscription, so that the next activation of the actor knows them', async () => {
      const room = client.actor(Room, 'hall');
      const listener = new Listener();
      await client.observe(listener, (me) => room.join(keyOf(me)), { renewMs: 20 });
      await room.move();
      for (let waited = 0; (await room.say('again')) === 0 && waited < 200; waited++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      expect(listener.heard).to.deep.equal(['again']);
    });

    it('are refused when their class is not listed, and when renewals have no period', async () => {
      class Stranger {}
      expect(isMoonpoolError(await failureOf(client.observe(new Stranger())), 'UNKNOWN_ACTOR')).to.equal(true);
      expect(
        isMoonpoolError(await failureOf(client.observe(new Listener(), undefined, { renewMs: 0 })), 'INVALID_OPTION'),
      ).to.equal(true);
    });

    it('are refused when their process has ended, where nobody reaches them', async () => {
      for (const runtime of [client, node]) {
        await runtime.shutdown();
        const error = await failureOf(runtime.observe(new Listener()));
        expect(isMoonpoolError(error, 'RUNTIME_NOT_READY')).to.equal(true);
      }
    });

    it('end with their first subscription when that fails', async () => {
      const error = await failureOf(
        client.observe(new Listener(), () => Promise.reject(new Error('the door is closed'))),
      );
      expect(error).to.have.property('message', 'the door is closed');
    });
  });
}

@Observer({ name: 'Heard' })
class Heard {
  @Handler() async said(): Promise<string> {
    return 'of the base';
  }
}

@Observer({ name: 'HeardWell' })
class HeardWell extends Heard {
  @Handler() override async said(): Promise<string> {
    return 'of the subclass';
  }
  @Handler() async more(): Promise<void> {}
}

class HeardSilently extends HeardWell {}

describe('Classes of observers', () => {
  it('are those of the object itself, or the nearest that it extends', async () => {
    const client = await ActorRuntime.connect({
      namespace: 'spec',
      actors: [],
      observers: [Heard, HeardWell],
      modules: [memory()],
    });
    const types = [];
    for (const observer of [new Heard(), new HeardWell(), new HeardSilently()])
      types.push((await client.observe(observer)).reference.$id.type);
    expect(types).to.deep.equal(['Heard', 'HeardWell', 'HeardWell']);
    for (const nothing of [undefined, null, 'text', {}])
      expect(String(await failureOf(client.observe(nothing as never)))).to.contain(
        'UNKNOWN_ACTOR: runtime.observe was given',
      );
    await client.shutdown();
  });

  it('are told from classes of actors, each in its own list', async () => {
    const error = await failureOf(ActorRuntime.start({ namespace: 'spec', actors: [Listener], observers: [Room] }));
    expect(String(error))
      .to.contain('Listener is a class of observers: list it under `observers`')
      .and.contain('Room is listed under `observers`');
  });
});

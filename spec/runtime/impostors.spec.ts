import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  Logger,
  memory,
  Observer,
  sqlite,
  type ActorReference,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import { PlacementStrategy } from 'moonpool/modules';
import { f64, Kind, longText, PlainPeer } from '../wire/plain-peer';

@Observer({ name: 'Ear' })
class Ear {
  readonly heard: string[] = [];
  @Handler() async hear(line: string): Promise<string> {
    this.heard.push(line);
    return 'heard';
  }
}

let open: () => void = () => undefined;

@Actor({ name: 'Gate', static: true })
class Gate {
  @Handler() async wait(): Promise<string> {
    await new Promise<void>((resolve) => (open = resolve));
    return 'opened';
  }
}

@Actor({ name: 'Room' })
class Room {
  private ear: ActorReference<Ear> | undefined;
  constructor(@inject(ActorContext) readonly context: ActorContext) {}
  @Handler() async join(ear: ActorReference<Ear>): Promise<string> {
    this.ear = ear;
    return ear.$id.key ?? '';
  }
  @Handler() async say(line: string): Promise<string> {
    return this.ear?.hear(line) ?? 'nobody listens';
  }
}

const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};
/** All virtual actors live on the first node. */
const onFirst: ContainerModule = {
  name: 'on-first',
  load: (bind) =>
    bind(PlacementStrategy).toValue({
      choose: (_actor, candidates) => candidates.find(({ name }) => name === 'n1') ?? candidates[0],
    }),
};
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('A stranger who says that it is somebody else', () => {
  let one: ActorRuntime;
  let two: ActorRuntime;
  let common: StartOptions;
  let client: ActorRuntime | undefined;
  let peers: PlainPeer[];

  beforeEach(async () => {
    common = {
      namespace: 'spec',
      actors: [Gate, Room],
      observers: [Ear],
      modules: [memory(), silent, onFirst],
      inProcess: false,
    };
    one = await ActorRuntime.start({ ...common, name: 'n1' });
    two = await ActorRuntime.start({ ...common, name: 'n2' });
    peers = [];
  });
  afterEach(async () => {
    for (const peer of peers) peer.leave();
    open();
    await client?.shutdown();
    await two.shutdown();
    await one.shutdown();
  });

  const greet = async (role: 0 | 1, name: string, incarnation: number): Promise<PlainPeer> => {
    const peer = await PlainPeer.greet(one.address, {
      role,
      cluster: 'spec',
      name,
      incarnation,
      address: '',
      session: Buffer.alloc(16, 9),
    });
    peers.push(peer);
    return peer;
  };

  it('ends no call that was asked of others, whatever it answers and whichever number it guesses', async () => {
    const call = one.actor(Gate).$on(two.address).wait();
    await sleep(50);
    for (const peer of [await greet(1, 'guest', 7), await greet(0, 'guest', 2 ** 40)]) {
      for (let correlation = 0; correlation < 30; correlation++) {
        peer.message(Kind.value, correlation, Buffer.concat([f64(0), f64(0), f64(0), Buffer.from('"forged"')]));
        peer.message(Kind.value, correlation, Buffer.from('no value at all'));
        peer.message(Kind.error, correlation, Buffer.from('{"name":"Error","message":"forged"}'));
        peer.message(Kind.error, correlation, Buffer.from('no error at all'));
        peer.message(
          Kind.rejection,
          correlation,
          Buffer.concat([longText('spec/Gate'), longText('not here'), Buffer.of(0)]),
        );
        peer.message(
          Kind.rejection,
          correlation,
          Buffer.concat([longText('spec/Gate'), longText('not here'), Buffer.of(2)]),
        );
        peer.message(Kind.cancel, correlation);
        peer.message(Kind.noted, correlation, longText('spec/Gate'));
      }
    }
    await sleep(100);
    open();
    expect(await call).to.equal('opened');
    expect(one.inspect()['refusals'])
      .to.have.property('an answer came that fits no call made on its connection')
      .that.is.at.least(100);
  });

  it('is refused as a client with the name and the incarnation of a node', async () => {
    const impostor = await greet(1, two.node.name, two.node.incarnation);
    expect(impostor.isWelcome).to.equal(false);
    expect(impostor.refusal).to.contain('is a node of this cluster, and greets as a client');
    expect((await greet(1, two.node.name, two.node.incarnation + 1)).isWelcome).to.equal(true);
  });

  it('cuts no calls of the node whose name and incarnation it uses, for it is another sender', async () => {
    const room = two.actor(Room, 'r');
    await room.say('first');
    const impostor = await greet(0, two.node.name, two.node.incarnation);
    impostor.request('spec/Room/r', 'say', { args: '["forged"]' });
    await sleep(50);
    expect(impostor.messages).to.have.length(1);
    for (let round = 0; round < 3; round++) {
      impostor.request('spec/Room/r', 'say', { correlation: 2 + round, args: '["forged"]' });
      expect(await room.say('again')).to.equal('nobody listens');
      await sleep(10);
    }
    expect(impostor.isCut).to.equal(false);
  });

  it('hears nothing that is meant for the observers of another client', async () => {
    client = await ActorRuntime.connect({ ...common, name: 'c1' });
    const ear = new Ear();
    const room = client.actor(Room, 'r');
    const observation = await client.observe(ear);
    await room.join(observation.reference);
    const impostor = await greet(1, 'c1', client.node.incarnation);
    expect(impostor.isWelcome).to.equal(true);
    expect(await room.say('between us')).to.equal('heard');
    expect([ear.heard, impostor.messages]).to.deep.equal([['between us'], []]);
    await client.shutdown();
    await sleep(50);
    const late = await two
      .actor(Room, 'r')
      .say('nobody else')
      .then(
        () => 'heard',
        ({ code }: { code: string }) => code,
      );
    expect([late, impostor.messages]).to.deep.equal(['HANDLER_FAILED', []]);
  });

  it('is no node of the cluster when the store does not know it, whatever incarnation it invents', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moonpool-'));
    const node = await ActorRuntime.start({
      ...common,
      name: 'n3',
      modules: [sqlite({ file: join(folder, 'store.db') }), silent],
    });
    try {
      const hello = { role: 0, cluster: 'spec', address: '' } as const;
      const older = await PlainPeer.greet(node.address, {
        ...hello,
        name: 'n3',
        incarnation: node.node.incarnation - 1,
      });
      const newer = await PlainPeer.greet(node.address, { ...hello, name: 'n4', incarnation: 2 ** 40 });
      peers.push(older, newer);
      expect(older.refusal).to.contain('is of an earlier life');
      for (let waited = 0; !newer.isCut && waited < 100; waited++) await sleep(20);
      expect(newer.isCut).to.equal(true);
    } finally {
      await node.shutdown();
      rmSync(folder, { recursive: true });
    }
  });
});

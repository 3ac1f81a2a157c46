import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, Logger, memory, type ContainerModule } from 'moonpool';
import { Kind, PlainPeer } from '../wire/plain-peer';

@Actor({ name: 'Echo' })
class Echo {
  @Handler() async echo(text: string): Promise<string> {
    return text;
  }
}

const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

/** A field of a header, as a later release might write it. */
function field(tag: number, text: string | Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(tag, 0);
  head.writeUInt16LE(text.length, 2);
  return Buffer.concat([head, typeof text === 'string' ? Buffer.from(text) : text]);
}

describe('A request of a later release', () => {
  let node: ActorRuntime;
  let peer: PlainPeer;

  beforeEach(async () => {
    node = await ActorRuntime.start({
      namespace: 'spec',
      name: 'n1',
      actors: [Echo],
      modules: [memory(), silent],
    });
    const hello = { role: 1, cluster: 'spec', name: 'later', incarnation: 9, address: '', protocol: 3 } as const;
    peer = await PlainPeer.greet(node.address, hello);
  });
  afterEach(async () => {
    peer.leave();
    await node.shutdown();
  });

  async function answerTo(fields: Buffer): Promise<Buffer> {
    const before = peer.messages.length;
    peer.request('spec/Echo/e', 'echo', { args: '["hello"]', fields, correlation: before + 1 });
    for (let waited = 0; peer.messages.length === before && waited < 400; waited++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    return peer.messages[before] ?? Buffer.alloc(1);
  }

  it('is answered by an earlier version of the class while no node has a later one, unless the class of its caller is strict', async () => {
    const version = Buffer.from([2, 0]);
    expect((await answerTo(field(0x0003, version)))[0]).to.equal(Kind.value);
    const refusal = await answerTo(field(0x8005, version));
    expect([refusal[0], refusal.toString('utf8')]).to.satisfy(
      ([kind, text]: [number, string]) => kind === Kind.error && text.includes('ACTOR_VERSION_MISMATCH'),
    );
  });

  it('is refused when it says that its class has a version before the first', async () => {
    const answer = await answerTo(field(0x0003, Buffer.from([0, 0])));
    expect(answer.toString('utf8')).to.match(/MALFORMED_PAYLOAD.*version 0/s);
  });

  it('is served when it says more than this one knows', async () => {
    const answer = await answerTo(Buffer.concat([field(0x0777, 'whatever'), field(0x0778, '')]));
    expect([answer[0], answer.toString('utf8', 35)]).to.deep.equal([Kind.value, '"hello"']);
  });

  it('is refused by name, and not executed, when what this one does not know may not be passed over', async () => {
    const answer = await answerTo(Buffer.concat([field(0x0777, 'whatever'), field(0x8777, 'do it twice')]));
    expect(answer[0]).to.equal(Kind.error);
    const error = JSON.parse(answer.toString('utf8', 11)) as Record<string, unknown>;
    expect(error).to.include({ code: 'UNKNOWN_HEADER_FIELD', executed: 'no' });
    expect(error['message']).to.contain('The header of a call of spec/Echo/e has the field 34679');
    expect(peer.isCut).to.equal(false);
  });
});

import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, memory } from 'moonpool';
import { ByteWriter } from 'moonpool/modules';
import { msgpack } from 'moonpool/msgpack';
import { MsgpackrSerializer } from '../../../lib/engines/msgpackr/msgpackr-serializer';

const serializer = new MsgpackrSerializer();

@Actor({ name: 'Echo' })
class Echo {
  @Handler() async echo(value: object): Promise<object> {
    return value;
  }
}

function refusalOf(bytes: readonly number[]): string {
  try {
    serializer.read(Buffer.from(bytes));
  } catch (error) {
    return String(error);
  }
  return 'accepted';
}

describe('Values as MessagePack', () => {
  it('are shorter than as JSON', () => {
    const writer = new ByteWriter();
    const value = { list: Array.from({ length: 100 }, (_, index) => ({ amount: index, valid: true })) };
    serializer.write(value, writer);
    expect(writer.length).to.be.below(JSON.stringify(value).length * 0.75);
  });

  it('travel between runtimes that have the module', async () => {
    const cluster = { namespace: 'spec', actors: [Echo], modules: [memory(), msgpack()], inProcess: false };
    const node = await ActorRuntime.start(cluster);
    const client = await ActorRuntime.connect(cluster);
    const value = { at: new Date(5), map: new Map([['a', 1n]]), nothing: undefined, deep: [{ x: 0.5 }] };
    try {
      expect(await client.actor(Echo, 'e').echo(value)).to.deep.equal(value);
    } finally {
      await client.shutdown();
      await node.shutdown();
    }
  });

  it('are refused before anything is made of them when an announced length is not there', () => {
    expect(refusalOf([0xdd, 0xff, 0xff, 0xff, 0xff]))
      .to.contain('MALFORMED_PAYLOAD')
      .and.contain('4294967295 values were announced');
    expect(refusalOf([0xdf, 0x7f, 0xff, 0xff, 0xff, 0xc0])).to.contain('values were announced');
    expect(refusalOf([0xc6, 0x40, 0, 0, 0])).to.contain('bytes were announced');
    expect(refusalOf([0xdb, 0xff])).to.contain('4 bytes were announced');
  });

  it('are refused when they hold an extension, something behind the value, or too many levels', () => {
    expect(refusalOf([0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61])).to.contain('the type 0xd4');
    expect(refusalOf([0xc7, 0x00, 0x78])).to.contain('the type 0xc7');
    expect(refusalOf([0xc0, 0xc0])).to.contain('1 bytes follow the value');
    expect(refusalOf([...Array<number>(50_000).fill(0x91), 0xc0])).to.contain('nested deeper');
    expect(refusalOf([])).to.contain('a value is missing');
  });
});

import { expect } from 'chai';
import { Actor, Handler, type ActorRuntime, type ContainerModule } from 'moonpool';
import { JsonSerializer, Serializer, type ByteWriter } from 'moonpool/modules';
import { NodeServices, RpcInterface, RpcMethod } from 'moonpool/rpc';
import { ClusterFixture, failureOf } from '../activation/cluster-fixture';

let served = 0;

@Actor({ name: 'Desk' })
class Desk {
  @Handler() async put(text: string): Promise<string> {
    served++;
    return text;
  }
}

@RpcInterface({ id: 0x5e55_00fa })
class Counter {
  @RpcMethod(0) async put(text: string): Promise<string> {
    served++;
    return text;
  }
}

/** The serializer of somebody, which fails with some values. */
class CarelessSerializer extends JsonSerializer {
  failsAt: 'write' | 'read' | undefined;

  override write(value: unknown, into: ByteWriter): void {
    super.write(value, into);
    if (this.failsAt === 'write' && JSON.stringify(value)?.includes('poison')) throw new TypeError('it is full');
  }

  override read(...[bytes, references]: Parameters<JsonSerializer['read']>): unknown {
    if (this.failsAt === 'read' && Buffer.from(bytes).includes('poison')) throw new TypeError('it is not mine');
    return super.read(bytes, references);
  }
}

describe('A serializer that fails', () => {
  let fixture: ClusterFixture;
  let node: ActorRuntime;
  let client: ActorRuntime;
  const serializer = new CarelessSerializer();

  beforeEach(async () => {
    served = 0;
    serializer.failsAt = undefined;
    fixture = new ClusterFixture([Desk]);
    const careless: ContainerModule = {
      name: 'careless',
      load(bind, contribute) {
        bind(Serializer).toValue(serializer);
        contribute(NodeServices, { instance: new Counter(), admits: ['node', 'client'] });
      },
    };
    node = await fixture.node('n1', { modules: fixture.with(careless) });
    client = await fixture.client({ modules: fixture.with(careless) });
  });
  afterEach(() => fixture.shutdown());

  for (const [where, code] of [
    ['write', 'UNSERIALIZABLE_VALUE'],
    ['read', 'MALFORMED_PAYLOAD'],
  ] as const)
    it(`when it is to ${where} what is asked, is not taken for the handler, which was not called`, async () => {
      const [desk, counter] = [client.actor(Desk, 'd'), client.endpoint(Counter, node.address)];
      serializer.failsAt = where;
      for (const asked of [() => desk.put('poison'), () => desk.$trySend.put('poison'), () => counter.put('poison')]) {
        const error = await failureOf(asked());
        expect(error).to.include({ code, executed: 'no' });
        expect(error.cause).to.be.instanceOf(TypeError);
      }
      expect(served).to.equal(0);
      expect([await desk.put('fine'), await counter.put('fine')]).to.deep.equal(['fine', 'fine']);
    });
});

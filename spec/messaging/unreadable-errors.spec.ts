import { expect } from 'chai';
import { Actor, Handler, type ContainerModule, type MoonpoolError } from 'moonpool';
import { Serializer } from 'moonpool/modules';
import { ClusterFixture } from '../activation/cluster-fixture';

@Actor({ name: 'Till' })
class Till {
  @Handler() async charge(amount: number): Promise<number> {
    if (amount < 0) throw new RangeError('a negative amount');
    return amount;
  }
}

describe('An error of an actor whose bytes are read as something else', () => {
  const cluster = new ClusterFixture([Till]);
  let readAs: ((value: unknown) => unknown) | undefined;
  const careless: ContainerModule = {
    name: 'careless serializer',
    load: (bind) =>
      bind(Serializer).toValue({
        contentType: 'application/careless',
        write: (value, into) => void into.bytes(Buffer.from(JSON.stringify(value) ?? 'null')),
        read(bytes) {
          const value: unknown = JSON.parse(Buffer.from(bytes).toString());
          return readAs === undefined ? value : readAs(value);
        },
      }),
  };
  afterEach(() => {
    readAs = undefined;
    return cluster.shutdown();
  });

  it('is told as that, and may be of a call that was executed or of one that was not', async () => {
    await cluster.node('n1', { modules: cluster.with(careless) });
    const client = await cluster.client({ modules: cluster.with(careless) });
    const till = client.actor(Till, 'a');
    const failure = (amount: number): Promise<MoonpoolError> =>
      till.charge(amount).then(
        () => expect.fail('it has answered'),
        (error: MoonpoolError) => error,
      );
    expect(await failure(-1)).to.be.instanceOf(RangeError);
    for (const wrong of [undefined, 5, 'text', {}, { message: 5 }]) {
      // What is called is read too: the call is refused, and so is what says so.
      readAs = () => wrong;
      const error = await failure(1);
      expect([error.code, error.executed], JSON.stringify(wrong)).to.deep.equal(['MALFORMED_PAYLOAD', 'maybe']);
      expect(error.message).to.contain('The answer to the call charge of spec/Till/a could not be read');
    }
  });
});

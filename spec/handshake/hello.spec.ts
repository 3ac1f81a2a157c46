import { expect } from 'chai';
import { markOfAddress } from '../../lib/handshake/dialled-address';
import { readHello, writeHello } from '../../lib/handshake/greeting-codec';

function greeting({ cluster = 'spec', name = 'n1', address = '10.0.0.1:5000' }): Buffer {
  // Not a LocalNode, which refuses names that a stranger may send all the same.
  return writeHello(
    { role: 'node', cluster, node: { name, incarnation: 3 }, address, session: Buffer.alloc(16, 5) },
    undefined,
  );
}

describe('A greeting', () => {
  it('says who somebody is', () => {
    expect(readHello(greeting({}), 'spec')).to.deep.include({
      role: 'node',
      cluster: 'spec',
      node: { name: 'n1', incarnation: 3 },
      address: '10.0.0.1:5000',
    });
    expect(readHello(greeting({ address: '' }), 'spec').address).to.equal('');
    expect(readHello(greeting({ address: 'unix:/run/n1.sock' }), 'spec').address).to.equal('unix:/run/n1.sock');
  });

  it('says by which address the other side was dialled, in whatever length of it', () => {
    const dialled = markOfAddress(`${'a-long-name.'.repeat(20)}spec:5000`);
    expect(dialled).not.to.equal(markOfAddress('10.0.0.1:5000'));
    const said = { role: 'node', cluster: 'spec', node: { name: 'n1', incarnation: 3 }, address: '' } as const;
    const bytes = writeHello({ ...said, session: Buffer.alloc(16, 5), dialled }, undefined);
    expect(readHello(bytes, 'spec').dialled).to.equal(dialled);
    expect(readHello(greeting({}), 'spec').dialled).to.equal(undefined);
  });

  it('is refused when its name would break a line of the log, or its address is none', () => {
    for (const strange of [
      { name: 'n1\nERROR all is lost' },
      { name: 'n1\u2028' },
      { name: 'n1\u202e' },
      { name: 'n\u200b1' },
      { address: 'not an address' },
      { address: 'unix:/a\nb' },
      { address: 'a:99999' },
    ]) {
      expect(() => readHello(greeting(strange), 'spec'), JSON.stringify(strange)).to.throw('MALFORMED_PAYLOAD');
    }
  });

  it('of another cluster is refused without telling the name of this one, in one line', () => {
    expect(() => readHello(greeting({ cluster: 'guess\nERROR' }), 'spec'))
      .to.throw("the cluster 'guess\\nERROR' is not that of this side")
      .with.property('message')
      .that.does.not.contain('spec');
  });
});

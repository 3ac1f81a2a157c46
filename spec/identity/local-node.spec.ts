import { expect } from 'chai';
import { LocalNode } from '../../lib/identity/local-node';
import { makeName } from '../../lib/handshake/node-name';

describe('The name of a process', () => {
  it('is refused when it could stand in no greeting, log or key', () => {
    for (const name of [
      '',
      'a\nb',
      'a\u0007',
      'a\u2028b',
      '\ud800',
      'e\u0301',
      'x'.repeat(257),
      7 as unknown as string,
    ]) {
      expect(() => new LocalNode('node', 'spec', name), JSON.stringify(name))
        .to.throw()
        .with.property('code', 'INVALID_OPTION');
      expect(() => new LocalNode('node', 'spec', undefined).call(name), JSON.stringify(name))
        .to.throw()
        .with.property('code', 'INVALID_OPTION');
    }
  });

  it('is never the empty text before it is known', () => {
    expect(() => new LocalNode('node', 'spec', undefined).name)
      .to.throw()
      .with.property('code', 'RUNTIME_NOT_READY');
  });

  it('that it makes for itself has the host and a random number, whatever the host is called', () => {
    const random = { uint32: () => 0xab, fraction: () => 0, below: () => 0 };
    const identityOf = (host: string) => ({ host, machine: '', pid: 1, startedAt: '' });
    const named = (host: string) =>
      makeName({ identity: identityOf(host), hasEnded: () => false, onSignal: () => () => undefined }, random);
    expect(named('web-1.example')).to.equal('web-1.example-000000ab');
    expect(named('')).to.equal('node-000000ab');
    expect(named('mañana/#1!\n')).to.equal('ma-ana--1---000000ab');
    expect(new LocalNode('node', 'spec', named('x'.repeat(5_000))).name).to.have.length(73);
  });
});

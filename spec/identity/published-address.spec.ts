import { expect } from 'chai';
import { formatAddress, parseAddress } from '../../lib/identity/network-address';
import { publishedAddress } from '../../lib/identity/published-address';

const published = (listening: string, advertise?: string): string =>
  formatAddress(publishedAddress(parseAddress(listening), advertise));

describe('The address at which others reach a node', () => {
  it('is where it listens, unless it is asked to advertise something else', () => {
    expect(published('127.0.0.1:5000')).to.equal('127.0.0.1:5000');
    expect(published('unix:/run/a.sock')).to.equal('unix:/run/a.sock');
    expect(published('0.0.0.0:5000', '10.0.0.5')).to.equal('10.0.0.5:5000');
    expect(published('[::]:5000', 'fe80::1')).to.equal('[fe80::1]:5000');
    expect(published('[::]:5000', '[fe80::1]')).to.equal('[fe80::1]:5000');
    expect(published('0.0.0.0:5000', 'node-1.example')).to.equal('node-1.example:5000');
    expect(published('0.0.0.0:5000', '203.0.113.9:81')).to.equal('203.0.113.9:81');
    expect(published('0.0.0.0:5000', '203.0.113.9:0')).to.equal('203.0.113.9:5000');
    expect(published('unix:/run/a.sock', 'unix:/mnt/a.sock')).to.equal('unix:/mnt/a.sock');
    expect(published('unix:/run/a.sock', '10.0.0.5:81')).to.equal('10.0.0.5:81');
  });

  it('is never one that means every address of a machine, however it is written', () => {
    for (const every of [
      '0.0.0.0',
      '0',
      '00.0.0.0',
      '0.0',
      '0x0',
      '[::]',
      '[::0]',
      '[0:0:0:0:0:0:0:0]',
      '[::ffff:0.0.0.0]',
      '[::0.0.0.0]',
    ]) {
      expect(() => published(`${every}:5000`), every)
        .to.throw()
        .with.property('code', 'UNPUBLISHABLE_ADDRESS');
      expect(() => published('127.0.0.1:5000', every), every)
        .to.throw()
        .with.property('code', 'UNPUBLISHABLE_ADDRESS');
    }
    for (const one of ['10.0.0.0', '0.0.0.1', '[::1]', '[fe80::]', '[::ffff:10.0.0.1]', 'zero', '0.example', 'f00'])
      expect(published(`${one}:1`), one).to.equal(`${one}:1`);
  });

  it('is refused with what was given when it cannot be understood', () => {
    for (const wrong of ['', 'a b', 'host:port', 'host:99999', '[::1', 'unix:', 5_000 as unknown as string]) {
      expect(() => published('0.0.0.0:5000', wrong), String(wrong))
        .to.throw(/advertise/)
        .with.property('code', 'INVALID_OPTION');
    }
    expect(() => published('unix:/run/a.sock', '10.0.0.5')).to.throw(
      /a node that listens on a Unix socket has no port/,
    );
  });
});

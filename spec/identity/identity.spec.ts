import { expect } from 'chai';
import fc from 'fast-check';
import { ActorId } from '../../lib/identity/actor-id';
import { formatAddress, parseAddress } from '../../lib/identity/network-address';
import { Uid } from '../../lib/identity/uid';
import { wellKnownNumber, wellKnownToken } from '../../lib/identity/well-known-token';

const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('An actor id', () => {
  it('is read back from its path, whatever its key holds', () => {
    const anyKey = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).map((key) => key.normalize('NFC'));
    fc.assert(
      fc.property(anyKey, (key) => {
        fc.pre([...key].every((letter) => letter >= ' ' && !(letter >= '\u007f' && letter <= '\u009f')));
        const id = ActorId.of('bank', 'Account', key);
        expect(ActorId.parse(id.path)).to.deep.equal(id);
      }),
    );
  });

  it('without a key is static', () => {
    expect(ActorId.of('bank', 'Ping').hasKey).to.equal(false);
    expect(ActorId.parse('bank/Ping').hasKey).to.equal(false);
    expect(ActorId.of('bank', 'Ping', 'x').hasKey).to.equal(true);
  });

  for (const [why, make] of Object.entries({
    'a slash in the type': () => ActorId.of('bank', 'A/b', 'x'),
    'an empty namespace': () => ActorId.of('', 'A', 'x'),
    'an empty key': () => ActorId.of('bank', 'A', ''),
    'a key of more than 512 bytes': () => ActorId.of('bank', 'A', 'ü'.repeat(257)),
    'a lone surrogate': () => ActorId.of('bank', 'A', 'a\udc00'),
    'a key that is not in normal form': () => ActorId.of('bank', 'A', 'u\u0308'),
    'a key that is no key': () => ActorId.of('bank', 'Account', {} as unknown as string),
    'a path without a type': () => ActorId.parse('bank'),
  })) {
    it(`refuses ${why}`, () => expect(make).to.throw('INVALID_ACTOR_ID'));
  }

  it('takes a key of exactly 512 bytes', () => {
    expect(ActorId.of('bank', 'A', 'ü'.repeat(256)).key).to.have.length(256);
  });
});

describe('A network address', () => {
  const ADDRESSES = [
    '127.0.0.1:5000',
    'example.org:1',
    '[::1]:65535',
    '[::ffff:10.0.0.1]:1',
    '[2001:DB8::7]:1',
    'node-7:1',
    '7.example:1',
    '10.1:1',
    'web.256:1',
    'unix:/run/moonpool.sock',
  ];
  for (const text of ADDRESSES) {
    it(`${text} is written as it was read`, () => expect(formatAddress(parseAddress(text))).to.equal(text));
  }
  it('is refused where its host is written as an IP address and is none', () => {
    for (const text of ['[:::5000]:1', '[1:2]:1', '[....]:1', '[127.0.0.1]:1', '[::10.0.0.256]:1'])
      expect(() => parseAddress(text), text).to.throw(/INVALID_ADDRESS|looks like an IPv6 address and is none/);
    for (const text of ['999.1.1.1:1', '10.0.0.1.5:1', '256.256:1'])
      expect(() => parseAddress(text), text).to.throw('looks like an IP address and is none');
  });
  for (const text of ['', 'localhost', ':5000', 'a:b', 'a:70000', '::1:5000', 'unix:', 'a b:1']) {
    it(`${JSON.stringify(text)} is refused`, () => expect(() => parseAddress(text)).to.throw('INVALID_ADDRESS'));
  }
});

describe('A uid', () => {
  it('keeps both halves', () => {
    fc.assert(
      fc.property(word, word, (first, second) => {
        const uid = Uid.of(first, second);
        expect([uid.first, uid.second]).to.deep.equal([first, second]);
        expect(uid.toString()).to.equal(first.toString(16).padStart(16, '0') + second.toString(16).padStart(16, '0'));
      }),
    );
  });

  it('is well known when its first half is all ones and its second below 64', () => {
    expect(wellKnownNumber(wellKnownToken(63))).to.equal(63);
    expect(wellKnownNumber(Uid.of(2n ** 64n - 1n, 64n))).to.equal(-1);
    expect(wellKnownNumber(Uid.of(2n ** 64n - 2n, 1n))).to.equal(-1);
    expect(wellKnownNumber(Uid.of(2n ** 64n - 1n, 2n ** 32n + 1n))).to.equal(-1);
  });
});

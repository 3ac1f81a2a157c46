import { expect } from 'chai';
import { Serializer, type ByteWriter as Writer } from 'moonpool/modules';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { WHATEVER_IS_THROWN } from '../errors/whatever-is-thrown';

/** What those get who ask for what was bound. */
function bound(serializer: Partial<Record<'write' | 'read', (...args: never[]) => unknown>>): Serializer {
  const asked = (): never => expect.fail('it is not asked for that');
  return Serializer.guarded({ contentType: 'text/own', write: asked, read: asked, ...serializer }) as Serializer;
}

describe('A serializer that somebody has bound', () => {
  it('writes into what is its own, so that what it writes later goes nowhere', async () => {
    const into = new ByteWriter();
    into.text('before ');
    const late = bound({
      write: async (_value: unknown, own: Writer) => {
        own.text('soon ');
        await Promise.resolve();
        own.text('late ');
      },
    });
    expect(() => late.write({}, into)).to.throw(
      /UNSERIALIZABLE_VALUE: The method write .*text\/own returned a promise/,
    );
    let kept: Writer | undefined;
    const clinging = bound({ write: (_value: unknown, own: Writer) => (kept = own).text('value') });
    clinging.write({}, into);
    await Promise.resolve();
    kept?.text('later');
    expect(into.view().toString()).to.equal('before value');
  });

  it('has what it throws told as an error of the value or of the bytes, whatever that is', () => {
    for (const [what, make] of Object.entries(WHATEVER_IS_THROWN)) {
      const raise = (): never => {
        throw make();
      };
      const failing = bound({ write: raise, read: raise });
      expect(() => failing.write({}, new ByteWriter()), what).to.throw(
        'UNSERIALIZABLE_VALUE: The serializer for text/own',
      );
      expect(() => failing.read(new Uint8Array(2)), what).to.throw(
        'MALFORMED_PAYLOAD: The serializer for text/own could not read 2 bytes',
      );
    }
  });

  it('is refused where it writes nothing of a value, and where it reads a promise', () => {
    const silent = bound({ write: () => Buffer.from('returned') });
    expect(() => silent.write({}, new ByteWriter())).to.throw(/wrote nothing of a value.*into\.bytes/);
    expect(() => silent.write(undefined, new ByteWriter())).not.to.throw();
    const failing = bound({ read: () => Promise.reject(new Error('nobody waits for it')) });
    expect(() => failing.read(new Uint8Array())).to.throw(/MALFORMED_PAYLOAD: The method read .* returned a promise/);
  });

  it('may write no more than there is room for', () => {
    const into = new ByteWriter();
    into.limitTo(10);
    const large = bound({ write: (_value: unknown, own: Writer) => own.bytes(new Uint8Array(11)) });
    expect(() => large.write({}, into)).to.throw('PACKET_TOO_LARGE');
    expect(into.length).to.equal(0);
  });
});

import { expect } from 'chai';
import { ByteReader, ByteWriter } from 'moonpool/modules';

const read = (bytes: readonly number[]): string => new ByteReader(Buffer.from([bytes.length, ...bytes])).shortText();

describe('A text that was received', () => {
  it('is refused when it is no UTF-8, for different bytes must not be one name', () => {
    for (const bytes of [[0xff], [0xfe], [0x61, 0xc3], [...Array<number>(40).fill(0x61), 0x80]]) {
      expect(() => read(bytes))
        .to.throw('is no UTF-8')
        .with.property('code', 'MALFORMED_PAYLOAD');
    }
  });

  it('is what was sent, whatever it holds', () => {
    for (const text of [
      '',
      'abc',
      'h\u00e9',
      '\u{1f300}',
      'the replacement \ufffd itself',
      'x'.repeat(100) + '\ufffd',
    ]) {
      const writer = new ByteWriter();
      writer.longText(text);
      expect(new ByteReader(writer.take()).longText()).to.equal(text);
    }
  });
});

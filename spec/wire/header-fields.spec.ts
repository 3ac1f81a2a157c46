import { expect } from 'chai';
import fc from 'fast-check';
import { ByteReader } from '../../lib/serialization/byte-reader';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import {
  beginField,
  beginFields,
  endField,
  endFields,
  FIRST_CRITICAL_TAG,
  readFields,
  skipFields,
} from '../../lib/wire/header-fields';

interface Field {
  readonly tag: number;
  readonly bytes: Uint8Array;
}

function written(fields: readonly Field[]): Buffer {
  const into = new ByteWriter();
  const section = beginFields(into);
  for (const { tag, bytes } of fields) {
    const at = beginField(tag, into);
    into.bytes(bytes);
    endField(at, into);
  }
  endFields(section, into);
  into.text('behind');
  return into.take();
}

/** Those of the fields that are known, in the order in which they came; checks that what stands behind them is found. */
function read(bytes: Buffer, knows: (tag: number) => boolean): readonly Field[] {
  const found: Field[] = [];
  const reader = new ByteReader(bytes);
  const take = (tag: number, end: number): boolean => {
    if (!knows(tag)) return false;
    found.push({ tag, bytes: Uint8Array.from(reader.bytes(end - reader.position)) });
    return true;
  };
  readFields(reader, reader.uint16(), take, 'a spec');
  expect(reader.rest().toString()).to.equal('behind');
  return found;
}

const optional = fc.record({
  tag: fc.nat(FIRST_CRITICAL_TAG - 1),
  bytes: fc.uint8Array({ maxLength: 40 }),
});

describe('The fields of a header', () => {
  it('are read as they were written, and those that are not known are passed over', () => {
    fc.assert(
      fc.property(fc.array(optional, { maxLength: 8 }), fc.nat(3), (fields, divisor) => {
        const knows = (tag: number): boolean => tag % (divisor + 1) === 0;
        const known = fields.filter(({ tag }) => knows(tag));
        expect(read(written(fields), knows)).to.deep.equal(
          known.map(({ tag, bytes }) => ({ tag, bytes: Uint8Array.from(bytes) })),
        );
      }),
    );
  });

  it('are refused by the number of the one that may not be passed over, unless it is known', () => {
    const bytes = written([
      { tag: 7, bytes: Uint8Array.of(1) },
      { tag: FIRST_CRITICAL_TAG + 5, bytes: Uint8Array.of(2) },
    ]);
    expect(() => read(bytes, (tag) => tag === 7)).to.throw(
      'UNKNOWN_HEADER_FIELD: The header of a spec has the field 32773',
    );
    expect(read(bytes, (tag) => tag > FIRST_CRITICAL_TAG)).to.have.length(1);
    expect(() => skipFields(new ByteReader(bytes), 'a spec')).to.throw('UNKNOWN_HEADER_FIELD');
  });

  it('are refused when one is not as long as what it says takes', () => {
    const bytes = written([
      { tag: 1, bytes: Uint8Array.of(1, 2, 3) },
      { tag: 2, bytes: Uint8Array.of() },
    ]);
    // The bytes that are left of the first are no field.
    for (const taken of [0, 2, 4]) {
      const reader = new ByteReader(bytes);
      const take = (tag: number): boolean => tag === 2 || reader.bytes(taken).length === taken;
      expect(() => readFields(reader, reader.uint16(), take, 'a header'), `${taken} of 3 bytes`)
        .to.throw('a field 1 that does not fit')
        .with.property('code', 'MALFORMED_PAYLOAD');
    }
  });

  it('are refused when one reaches beyond them, whoever knows it', () => {
    fc.assert(
      fc.property(fc.array(optional, { minLength: 1, maxLength: 4 }), fc.nat(), (fields, place) => {
        const bytes = written(fields);
        const length = bytes.readUInt16LE(0);
        const shorter = 1 + (place % (length - 1 || 1));
        // A cut between two fields leaves a sound section, with something else behind it.
        const ends = new Set([0]);
        for (let at = 0; at < length;) ends.add((at += 4 + bytes.readUInt16LE(2 + at + 2)));
        if (ends.has(shorter) || shorter >= length) return;
        bytes.writeUInt16LE(shorter, 0);
        expect(() => skipFields(new ByteReader(bytes), 'a spec')).to.throw('MALFORMED_PAYLOAD');
      }),
    );
  });
});

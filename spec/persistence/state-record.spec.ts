import { expect } from 'chai';
import { decodeStateRecord, encodeStateRecord } from '../../lib/persistence/state-record';

const OWNER = 'bank/Account/alice';
const states = new Map([
  ['account', { version: 1, bytes: Buffer.from('{"balance":100}') }],
  ['history', { version: 1, bytes: Buffer.alloc(0) }],
]);
const record = encodeStateRecord(OWNER, states);

/** A record as version 0.1 wrote it. */
function plainRecord(): Buffer {
  return Buffer.from([1, 1, 7, ...Buffer.from('account'), 2, 0, 0, 0, ...Buffer.from('{}')]);
}

function codeOf(actor: string, bytes: Uint8Array): string {
  try {
    decodeStateRecord(actor, bytes);
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('The record of the states of an actor', () => {
  it('gives back what was put in', () => {
    expect([...decodeStateRecord(OWNER, record)].map(([name, { bytes }]) => [name, bytes.toString()])).to.deep.equal([
      ['account', '{"balance":100}'],
      ['history', ''],
    ]);
    expect(decodeStateRecord('a', encodeStateRecord('a', new Map())).size).to.equal(0);
  });

  it('is refused when any one bit, or any one byte, is another one, and when its end is missing or something follows', () => {
    for (let at = 0; at < record.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const spoiled = Buffer.from(record);
        spoiled[at] = (spoiled[at] as number) ^ (1 << bit);
        expect(codeOf(OWNER, spoiled), `bit ${bit} of byte ${at}`).to.be.oneOf([
          'STORAGE_CORRUPT',
          ...(at === 0 ? ['STORAGE_TOO_NEW'] : []),
        ]);
      }
      for (const byte of [0, 1, 0x30, 0x39, 0xff]) {
        const spoiled = Buffer.from(record);
        spoiled[at] = byte;
        if (!spoiled.equals(record))
          expect(codeOf(OWNER, spoiled), `byte ${at} is ${byte}`).to.be.oneOf(['STORAGE_CORRUPT', 'STORAGE_TOO_NEW']);
      }
      expect(codeOf(OWNER, record.subarray(0, at)), `cut at ${at}`).to.equal('STORAGE_CORRUPT');
    }
    expect(codeOf(OWNER, Buffer.concat([record, Buffer.from([0])]))).to.equal('STORAGE_CORRUPT');
    expect(codeOf(OWNER, Buffer.alloc(200))).to.equal('STORAGE_CORRUPT');
  });

  it('of another actor is refused, with the names of both', () => {
    for (const other of ['bank/Account/bob', 'bank/Account', 'other/Account/alice', `${OWNER}@n1`]) {
      expect(() => decodeStateRecord(other, record))
        .to.throw(`The stored state of ${other} is that of ${OWNER}`)
        .with.property('code', 'STATE_MISPLACED');
    }
  });

  it('has the versions of its states where one is not the first', () => {
    const mixed = new Map(states).set('history', { version: 7, bytes: Buffer.from('[]') });
    expect(
      [...decodeStateRecord(OWNER, encodeStateRecord(OWNER, mixed)).values()].map(({ version }) => version),
    ).to.deep.equal([1, 7]);
  });

  it('of a newer version is refused as such', () => {
    const newer = Buffer.from(record);
    newer[0] = 4;
    expect(() => decodeStateRecord(OWNER, newer))
      .to.throw(`The stored state of ${OWNER} has the format 4; this version of Moonpool knows 1 and 2 and 3`)
      .with.property('code', 'STORAGE_TOO_NEW');
  });

  it('of version 0.1 is read', () => {
    expect(decodeStateRecord(OWNER, plainRecord()).get('account')?.bytes.toString()).to.equal('{}');
    expect(codeOf(OWNER, Buffer.concat([plainRecord(), Buffer.from('x')]))).to.equal('STORAGE_CORRUPT');
  });
});

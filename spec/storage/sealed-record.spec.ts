import { expect } from 'chai';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import { seal, unseal, type RecordKind } from '../../lib/storage/sealed-record';

const KIND: RecordKind = { what: 'note', format: 3, unsealed: [1, 2] };

const sealed = (text = 'hello', owner = 'alice') => seal(KIND, owner, (writer) => writer.longText(text));
const open = (record: Uint8Array, owner = 'alice') => unseal(KIND, owner, record, (reader) => reader.longText());

function refusalOf(record: Uint8Array, owner?: string): { readonly code: string; readonly message: string } {
  try {
    return { code: 'none', message: open(record, owner) };
  } catch (error) {
    if (!isMoonpoolError(error)) throw error;
    return error;
  }
}

describe('A sealed record', () => {
  it('gives back what was put in', () => {
    expect(open(sealed())).to.equal('hello');
  });

  it('is refused where any bit of it is another one', () => {
    const record = sealed();
    for (let at = 0; at < record.length; at++)
      for (let bit = 0; bit < 8; bit++) {
        const spoiled = Buffer.from(record);
        spoiled[at] = (spoiled[at] as number) ^ (1 << bit);
        expect(refusalOf(spoiled).code, `bit ${bit} of byte ${at}`).to.be.oneOf(['STORAGE_CORRUPT', 'STORAGE_TOO_NEW']);
      }
  });

  it('is refused when it is cut, when something follows it, and when there is nothing', () => {
    const record = sealed();
    for (let length = 0; length < record.length; length++)
      expect(refusalOf(record.subarray(0, length)).code).to.equal('STORAGE_CORRUPT');
    expect(refusalOf(Buffer.concat([record, Buffer.from([0])])).code).to.equal('STORAGE_CORRUPT');
  });

  it('of another owner is refused by the names of both', () => {
    const { code, message } = refusalOf(sealed('hello', 'bob'));
    expect(code).to.equal('STATE_MISPLACED');
    expect(message).to.contain('The note of alice is that of bob');
  });

  it('of a later format is distinguished from one that is spoiled, with the formats that are known', () => {
    const record = sealed();
    record[0] = 4;
    const { code, message } = refusalOf(record);
    expect(code).to.equal('STORAGE_TOO_NEW');
    expect(message).to.contain('has the format 4; this version of Moonpool knows 1 and 2 and 3');
    record[0] = 0;
    expect(refusalOf(record).code).to.equal('STORAGE_CORRUPT');
  });

  it('of an early format without a seal is read as it is', () => {
    expect(open(Buffer.from([2, 2, 0, 104, 105]))).to.equal('hi');
  });
});

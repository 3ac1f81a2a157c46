import { expect } from 'chai';
import { decodeDelivery, encodeDelivery, type DeliveryRecord } from '../../lib/deliveries/delivery-record';

const ID = 'message/1';
const TARGET = 'bank/Account/alice';
const plain: DeliveryRecord = {
  target: TARGET,
  method: 'deposit',
  args: Buffer.from('[1]'),
  values: undefined,
  key: 'k',
  executions: 0,
  attempts: 0,
  refusals: 0,
  dueAt: undefined,
  failure: undefined,
  reminder: undefined,
};
const full: DeliveryRecord = {
  ...plain,
  values: Buffer.from('{}'),
  executions: 3,
  attempts: 7,
  refusals: 2,
  dueAt: 1_767_225_600_000,
  failure: { code: 'Error', message: 'nobody at home' },
  reminder: { name: 'statement', setting: 's', missed: 4, schedule: { kind: 'every', everyMs: 5_000 } },
};

function codeOf(bytes: Uint8Array, id = ID, target = TARGET): string {
  try {
    decodeDelivery(id, target, bytes);
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('The record of a delivery', () => {
  it('gives back what was put in', () => {
    for (const record of [plain, full])
      expect(decodeDelivery(ID, TARGET, encodeDelivery(ID, record))).to.deep.equal(record);
  });

  it('is refused where any bit of it is another one, and wherever it is cut', () => {
    const bytes = Buffer.from(encodeDelivery(ID, full));
    for (let at = 0; at < bytes.length; at++) {
      expect(codeOf(bytes.subarray(0, at)), `cut at ${at}`).to.equal('STORAGE_CORRUPT');
      for (let bit = 0; bit < 8; bit++) {
        const spoiled = Buffer.from(bytes);
        spoiled[at] = (spoiled[at] as number) ^ (1 << bit);
        expect(codeOf(spoiled), `bit ${bit} of byte ${at}`).to.be.oneOf(['STORAGE_CORRUPT', 'STORAGE_TOO_NEW']);
      }
    }
  });

  it('is refused under the id of another delivery, for another actor, and when it is of a later version', () => {
    const bytes = Buffer.from(encodeDelivery(ID, plain));
    expect(codeOf(bytes, 'message/2')).to.equal('STATE_MISPLACED');
    expect(codeOf(bytes, ID, 'bank/Account/bob')).to.equal('STORAGE_CORRUPT');
    bytes[0] = 2;
    expect(codeOf(bytes)).to.equal('STORAGE_TOO_NEW');
  });

  it('keeps the beginning of an error that says very much', () => {
    const failure = { code: 'x'.repeat(500), message: 'y'.repeat(100_000) };
    const read = decodeDelivery(ID, TARGET, encodeDelivery(ID, { ...plain, failure }));
    expect(read.failure?.code).to.have.length(60);
    expect(read.failure?.message).to.have.length(2_000);
  });
});

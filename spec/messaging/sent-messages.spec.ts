import { expect } from 'chai';
import { MoonpoolError } from 'moonpool';
import { writeCancel, writeProbe } from '../../lib/messaging/envelope-writer';
import { tell } from '../../lib/messaging/sent-messages';
import { PacketBatch } from '../../lib/wire/packet-batch';
import { sentConnection } from './message-fixture';

describe('What is not missed when it cannot be sent', () => {
  it('leaves the connection to what follows: a probe of long keys that is larger than a packet may be', () => {
    const batch = new PacketBatch(4_096);
    const { connection } = sentConnection('n2', {
      begin: (token) => batch.begin(token),
      end: () => batch.end(),
      abandon: () => batch.abandon(),
    });
    const path = Array.from({ length: 64 }, (_, at) => `spec/Account/${'k'.repeat(500)}${at}`);
    const probe = { turn: 'n1#1/1/1', via: 'n1#1:1', round: 1, path };
    tell(connection, (into) => writeProbe(1, 'spec/Account/alice', probe, into));
    expect(batch.count).to.equal(0);
    tell(connection, (into) => writeCancel(2, into));
    expect(batch.count).to.equal(1);
  });

  it('takes no packet back that another one has begun', () => {
    const { connection, sent } = sentConnection('n2', {
      begin: () => {
        throw new MoonpoolError('UNSERIALIZABLE_VALUE', { message: 'a value is being written' });
      },
      abandon: () => void sent.push({} as never),
    });
    tell(connection, (into) => writeCancel(2, into));
    expect(sent).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import type { ProtocolAdapter } from '../../lib/connection/protocol-adapter';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import type { Connection } from '../../lib/providers/network-provider';
import {
  plainHello,
  plainPacket,
  readPlainPackets,
  wellKnown,
  type PlainHello,
  type PlainPacket,
} from '../wire/independent-peer';
import { ADDRESS_OF_B, withTwoMachines, type TwoMachines } from '../simulation/network/network-fixture';
import { Station } from './transport-fixture';

const ENDPOINT = wellKnown(40);
const OLD: PlainHello = {
  role: 0,
  cluster: 'spec',
  name: 'b',
  incarnation: 7,
  address: '10.0.0.2:5000',
  protocol: 2,
};

/** Writes everything in capitals for whoever speaks version 2, and reads their capitals as small letters. */
const capitals: ProtocolAdapter = {
  version: 2,
  incoming: (_, payload) => Buffer.from(payload.toString().toLowerCase()),
  outgoing: (_, payload) => Buffer.from(payload.toString().toUpperCase()),
};

/** A process that speaks version 2 alone and refuses every other greeting, as 0.1.0 does. */
class OldProcess {
  /** The versions in which it was greeted. */
  readonly greetings: number[] = [];
  readonly received: string[] = [];
  latest: Connection | undefined;

  constructor(private readonly says: string) {}

  async listen({ network, b }: TwoMachines): Promise<void> {
    await network(b).listen(ADDRESS_OF_B, (connection) => this.accept(connection));
  }

  private accept(connection: Connection): void {
    this.latest = connection;
    let rest = Buffer.alloc(0);
    const onData = (chunk: Uint8Array): void => {
      const read = readPlainPackets(Buffer.concat([rest, chunk]));
      rest = Buffer.from(read.rest);
      for (const packet of read.packets) this.take(packet, connection);
    };
    connection.start({ onData, onClose: () => undefined });
  }

  private take({ token, payload }: PlainPacket, connection: Connection): void {
    if (token === ENDPOINT) this.received.push(payload.toString());
    if (token !== wellKnown(3)) return;
    const version = payload.readUInt16LE(4);
    this.greetings.push(version);
    if (version === 2) {
      connection.write(plainPacket(wellKnown(3), plainHello(OLD)));
      return;
    }
    const why = `The handshake was refused: ${this.says.replace('$', String(version))}`;
    connection.write(plainPacket(wellKnown(2), Buffer.concat([Buffer.of(0), Buffer.from(why)])));
    connection.end();
  }
}

function withOldProcess(
  says: string,
  body: (station: Station, old: OldProcess, parts: TwoMachines) => Promise<void>,
): Promise<unknown> {
  return withTwoMachines(1, async (parts) => {
    const old = new OldProcess(says);
    await old.listen(parts);
    const station = new Station(parts, parts.a, {}, {}, new Map([[2, capitals]]));
    await station.transport.start();
    await body(station, old, parts);
  });
}

describe('A process that speaks an earlier version of the protocol alone', () => {
  it('is dialled again and greeted in its own, and gets what has waited, as that version has it', () =>
    withOldProcess('the other side speaks version $, this side 2', async (station, old, { sleep }) => {
      const connection = station.transport.peer('10.0.0.2:5000').connection();
      connection.begin(wellKnownToken(40)).text('what has waited');
      connection.end();
      await sleep(100);
      expect(old.greetings).to.deep.equal([3, 2]);
      expect(old.received).to.deep.equal(['WHAT HAS WAITED']);
      expect([connection.isReady, connection.remote?.protocol]).to.deep.equal([true, 2]);
      expect(station.losses).to.deep.equal([]);
      old.latest?.write(plainPacket(ENDPOINT, Buffer.from('AN ANSWER')));
      await sleep(50);
      expect(station.received).to.deep.equal(['an answer']);
    }));

  it('that refuses for another reason is not dialled again at once, and whoever waits learns the reason', () =>
    withOldProcess("the cluster 'spec' is not that of this side", async (station, old, { sleep }) => {
      const connection = station.transport.peer('10.0.0.2:5000').connection();
      await sleep(50);
      expect(old.greetings).to.deep.equal([3]);
      expect(connection.isClosed).to.equal(true);
      expect(station.losses[0]?.message).to.contain("the cluster 'spec' is not that of this side");
    }));
});

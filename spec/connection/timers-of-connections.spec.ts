import { expect } from 'chai';
import type { ConnectionSetting } from '../../lib/connection/connection-setting';
import { PacketConnection } from '../../lib/connection/packet-connection';
import { DEFAULT_TRANSPORT_OPTIONS } from '../../lib/connection/transport-options';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import type { Connection, ConnectionHandlers } from '../../lib/providers/network-provider';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { localNode } from '../calls/call-fixture';
import { ManualTimers } from '../scheduling/manual-timers';

describe('A connection that has ended', () => {
  let time: ManualTimers;
  let closed: string[];
  let events: ConnectionHandlers | undefined;
  let connection: PacketConnection;

  const why = new MoonpoolError('CONNECTION_LOST', { message: 'it is not needed' });
  const stream = {
    remoteAddress: 'a:1',
    start: (given: ConnectionHandlers) => (events = given),
    write: () => true,
    end: () => closed.push('ended'),
    destroy: () => closed.push('cut'),
  } as unknown as Connection;

  beforeEach(() => {
    [time, closed, events] = [new ManualTimers(), [], undefined];
    const setting = {
      ...{ local: localNode(), secret: undefined, random: new Xoshiro128(1), refuses: () => undefined, time },
      ...{ options: DEFAULT_TRANSPORT_OPTIONS, adapters: new Map(), flushes: {}, buggify: {}, flushPackets: 64 },
    } as unknown as ConnectionSetting;
    connection = new PacketConnection('dialler', setting, {
      onReady: () => undefined,
      onPacket: () => undefined,
      onClosed: () => closed.push('told'),
    });
    connection.attach(stream);
  });

  it('has no timer any more: floods of them, and the end of a process, would wait for these', () => {
    expect(time.timers).to.equal(1);
    connection.close(why);
    connection.close(why);
    expect([closed, time.timers]).to.deep.equal([['cut', 'told'], 0]);
  });

  it('in order has one until the other side has ended it too, and is cut when that side does not', () => {
    connection.endInOrder(why);
    expect([closed, time.timers]).to.deep.equal([['ended', 'told'], 1]);
    events?.onClose(undefined);
    expect(time.timers).to.equal(0);
  });

  it('in order is cut when the other side does not end it', () => {
    connection.endInOrder(why);
    time.pass(1_000);
    expect([closed, time.timers]).to.deep.equal([['ended', 'told', 'cut'], 0]);
  });
});

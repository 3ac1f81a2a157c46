import { expect } from 'chai';
import { PendingCalls } from '../../lib/calls/pending-calls';
import type { Member } from '../../lib/cluster/membership-store';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { LostConnections, type LostConnectionsParts } from '../../lib/messaging/lost-connections';
import { CallMaker, connectionOf } from '../calls/call-fixture';
import { ManualTime } from '../scheduling/manual-time';

const member = (incarnation: number, status: Member['status'], address = 'n2:1'): Member => ({
  ...{ name: 'n2', incarnation, address, status, leaseCounter: 0, actorTypes: [], load: 0 },
});

describe('Calls whose node is gone', () => {
  let members: readonly Member[];
  let log: string[];
  let lose: (connection: PacketConnection, error: MoonpoolError) => void;
  let die: (member: Member) => void;

  let maker: CallMaker;
  let pending: PendingCalls;

  beforeEach(() => {
    [members, log] = [[], []];
    maker = new CallMaker();
    pending = new PendingCalls(new ManualTime(), { onGone: () => undefined, onMissed: () => undefined });
    const parts: Partial<Record<keyof LostConnectionsParts, unknown>> = {
      pending,
      known: { onNotReached: (path: string) => log.push(`the place of ${path} is forgotten`) },
      membership: {
        get view() {
          return { version: 1, members };
        },
        onDeath: (listener: typeof die) => (die = listener),
      },
      transport: {
        peer: (address: string) => ({ forgetFailures: () => log.push(`${address} is dialled again`) }),
        forget: (address: string, { executed }: MoonpoolError) => log.push(`${address} is left: ${executed}`),
        onConnectionLost: (listener: typeof lose) => (lose = listener),
      },
    };
    void new LostConnections(parts as unknown as LostConnectionsParts, ({ correlation }, { executed }) =>
      log.push(`${correlation} goes elsewhere: ${executed}`),
    );
  });

  it('are told so when it dies, whoever was dead at its address before, and not where its next life answers there', () => {
    members = [member(1, 'dead'), member(2, 'dead'), member(3, 'active', 'n3:1')];
    die(member(2, 'dead'));
    members = [...members, member(4, 'active')];
    die(member(2, 'dead'));
    expect(log).to.deep.equal(['n2:1 is left: maybe', 'n2:1 is dialled again']);
  });

  it('fail with what may have become of them, or go elsewhere, and none of their actors is looked for there again', () => {
    const traffic = { hasSeenFarewell: false } as PacketConnection['traffic'];
    const left = connectionOf('n2', { traffic });
    const unsent = connectionOf('n2', { traffic, isClosed: true, mayHaveLeft: () => false });
    for (const [path, connection] of [
      ['spec/Account/a', left],
      ['spec/Account/b', unsent],
    ] as const) {
      const call = maker.make(path);
      call.connection = connection;
      pending.expectAnswer(call);
      lose(connection, new MoonpoolError('CONNECTION_LOST', { message: 'it was cut' }));
    }
    expect(maker.errors.map((error) => (error as MoonpoolError).executed)).to.deep.equal(['maybe']);
    expect(log).to.deep.equal([
      'the place of spec/Account/a is forgotten',
      'the place of spec/Account/b is forgotten',
      '2 goes elsewhere: no',
    ]);
  });
});

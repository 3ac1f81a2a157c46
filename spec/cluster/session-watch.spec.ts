import { expect } from 'chai';
import type { MemberSession } from '../../lib/cluster/member-session';
import type { Member } from '../../lib/cluster/membership-store';
import { SessionWatch } from '../../lib/cluster/session-watch';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import type { Connection, NetworkProvider } from '../../lib/providers/network-provider';
import type { TimeProvider } from '../../lib/providers/time-provider';

const memberOf = (name: string, incarnation: number): Member => ({
  ...{ name, incarnation, address: `10.0.0.${incarnation}:1`, actorTypes: [] },
  ...{ status: 'active', leaseCounter: 0, load: 0 },
});

describe('Sessions of members', () => {
  const [self, other, third] = [memberOf('self', 1), memberOf('other', 2), memberOf('third', 3)];
  let ended: Set<number>;
  let refusing: Set<string>;
  let dead: Set<number>;
  let told: string[];
  let dials: number;
  let onDial: () => void;
  let isClosed: boolean;
  let timers: (() => void)[];
  let delays: number[];
  let watch: SessionWatch;
  const session: MemberSession = {
    ended: async (nodes) => nodes.filter(({ incarnation }) => ended.has(incarnation)),
    close: async () => void (isClosed = true),
  };
  const connection: Partial<Connection> = { start: () => undefined, destroy: () => undefined };
  const settled = async (): Promise<void> => {
    for (let turns = 0; turns < 500; turns++) await Promise.resolve();
  };

  beforeEach(() => {
    [ended, refusing, dead, told, dials, isClosed] = [new Set(), new Set(), new Set(), [], 0, false];
    [timers, delays] = [[], []];
    onDial = () => undefined;
    const network: Partial<NetworkProvider> = {
      connect: async (address) => {
        dials++;
        onDial();
        if (address.kind === 'tcp' && refusing.has(address.host))
          throw new MoonpoolError('CONNECTION_REFUSED', { message: 'nobody listens' });
        return connection as Connection;
      },
    };
    const time: Partial<TimeProvider> = {
      sleep: async () => undefined,
      schedule: (ms, callback) => {
        timers.push(callback);
        delays.push(ms);
        return { cancel: () => undefined } as ReturnType<TimeProvider['schedule']>;
      },
    };
    watch = new SessionWatch({
      network: network as NetworkProvider,
      time: time as TimeProvider,
      self: () => self,
      view: () => ({ version: 1, members: [self, other, third] }),
      isLive: ({ incarnation }) => !dead.has(incarnation),
      onEnded: ({ name }) => void told.push(name),
    });
    watch.start(session);
  });

  it('that have ended are told of when the port of the node refuses too, as often as it is asked', async () => {
    ended.add(2).add(1);
    refusing.add('10.0.0.2').add('10.0.0.3').add('10.0.0.1');
    watch.look();
    await settled();
    expect([told, dials]).to.deep.equal([['other'], 8]);
  });

  it('are not told of when the port accepts once, when the session is back by then, or when the node is known to be dead', async () => {
    ended.add(2);
    refusing.add('10.0.0.2');
    onDial = () => void (dials === 5 && refusing.clear());
    watch.look();
    await settled();
    expect([told, dials]).to.deep.equal([[], 5]);
    refusing.add('10.0.0.2');
    onDial = () => void (dials === 13 && ended.clear());
    watch.look();
    await settled();
    expect([told, dials]).to.deep.equal([[], 13]);
    ended.add(2);
    onDial = () => void (dials === 15 && dead.add(2));
    watch.look();
    await settled();
    expect([told, dials]).to.deep.equal([[], 15]);
  });

  it('are looked at some more times after a connection was lost, and no more when the watch has stopped', async () => {
    await settled();
    watch.lookOften();
    await settled();
    ended.add(2);
    refusing.add('10.0.0.2');
    timers.shift()?.();
    await settled();
    expect(told).to.deep.equal(['other']);
    await watch.stop();
    expect(isClosed).to.equal(true);
    told = [];
    for (const fire of timers.splice(0)) fire();
    watch.look();
    await settled();
    expect(told).to.deep.equal([]);
  });

  it('are looked at from each change on, for who has just joined takes its session a moment later', async () => {
    watch.lookOften();
    timers.shift()?.();
    timers.shift()?.();
    watch.lookOften();
    for (const fire of timers.splice(1)) fire();
    expect(delays).to.deep.equal([50, 150, 400, 50, 150]);
  });
});

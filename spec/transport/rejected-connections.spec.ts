import { expect } from 'chai';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { DEFAULT_TRANSPORT_OPTIONS } from '../../lib/connection/transport-options';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import type { Connection } from '../../lib/providers/network-provider';
import { Doorkeeper } from '../../lib/transport/doorkeeper';
import { ManualTimers } from '../scheduling/manual-timers';

/** How many may read at the same time why they were rejected. */
const MAX_FAREWELLS = 64;

describe('Who is rejected at the door', () => {
  const why = new MoonpoolError('TOO_MANY_CONNECTIONS', { message: 'there are too many' });
  let time: ManualTimers;
  let door: Doorkeeper;
  let log: string[];

  const stream = (remoteAddress: string): Connection => {
    const [write, end, destroy] = ['told', 'ended', 'gone'].map((what) => () => log.push(`${remoteAddress} ${what}`));
    return { remoteAddress, start: () => undefined, write, end, destroy } as unknown as Connection;
  };

  beforeEach(() => {
    [time, log] = [new ManualTimers(), []];
    door = new Doorkeeper({ ...DEFAULT_TRANSPORT_OPTIONS, maxConnectionsPerAddress: 1 }, time);
  });

  it('is told why and has a moment to read it, which a flood of others has not', () => {
    for (let port = 0; port <= MAX_FAREWELLS; port++) door.turnAway(stream(`a:${port}`), why);
    expect(log.filter((line) => line.startsWith(`a:${MAX_FAREWELLS} `))).to.deep.equal([`a:${MAX_FAREWELLS} gone`]);
    expect(log.filter((line) => line.startsWith('a:0 '))).to.deep.equal(['a:0 told', 'a:0 ended']);
    expect(time.timers).to.equal(MAX_FAREWELLS);
    time.pass(1_000);
    expect(log.filter((line) => line.endsWith('gone'))).to.have.length(MAX_FAREWELLS + 1);
    door.turnAway(stream('b:1'), why);
    door.stop();
    expect([log.at(-1), time.timers]).to.deep.equal(['b:1 gone', 0]);
  });

  it('may come in when the one of its host has left, of which nothing is kept', () => {
    const inside = {} as PacketConnection;
    door.admit(inside, stream('a:1'));
    expect(door.objection(stream('a:2'))?.message).to.contain('connections from a');
    expect([door.remove(inside), door.remove(inside)]).to.deep.equal([true, false]);
    expect(door.objection(stream('a:2'))).to.equal(undefined);
    const { byHost } = door as unknown as { readonly byHost: ReadonlyMap<string, number> };
    expect([door.size, byHost.size, door.describe().unauthenticated]).to.deep.equal([0, 0, 0]);
  });
});

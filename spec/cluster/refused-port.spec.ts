import { expect } from 'chai';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { refusesConnections } from '../../lib/cluster/refused-port';
import type { Connection, NetworkProvider } from '../../lib/providers/network-provider';
import type { TimeProvider } from '../../lib/providers/time-provider';

describe('A port', () => {
  let timers: (() => void)[];
  const time: Partial<TimeProvider> = {
    schedule: (_ms, callback) => {
      timers.push(callback);
      return { cancel: () => undefined } as ReturnType<TimeProvider['schedule']>;
    },
  };
  const asked = (connect: () => Promise<Connection>, address = '10.0.0.1:7'): Promise<boolean> =>
    refusesConnections(address, { connect } as Partial<NetworkProvider> as NetworkProvider, time as TimeProvider);

  beforeEach(() => {
    timers = [];
  });

  it('refuses when its machine says so, and not when something else is wrong', async () => {
    const failing = (code: 'CONNECTION_REFUSED' | 'CONNECTION_FAILED') => () =>
      Promise.reject(new MoonpoolError(code, { message: 'no' }));
    expect(await asked(failing('CONNECTION_REFUSED'))).to.equal(true);
    expect(await asked(failing('CONNECTION_FAILED'))).to.equal(false);
  });

  it('does not refuse when it accepts, which it is not kept busy with', async () => {
    let destroyed = 0;
    const connection: Partial<Connection> = { start: () => undefined, destroy: () => void destroyed++ };
    expect(await asked(async () => connection as Connection)).to.equal(false);
    expect(destroyed).to.equal(1);
  });

  it('does not refuse when nothing is heard of it, nor when it is a file, which may be gone while somebody listens', async () => {
    const silent = asked(() => new Promise<Connection>(() => undefined));
    for (const fire of timers) fire();
    expect(await silent).to.equal(false);
    const refusing = () => Promise.reject(new MoonpoolError('CONNECTION_REFUSED', { message: 'no' }));
    expect(await asked(refusing, 'unix:/run/a.sock')).to.equal(false);
    expect(await asked(refusing, 'quic://10.0.0.1:7'), 'an address of a later release').to.equal(false);
  });
});

import { expect } from 'chai';
import { DEFAULT_TRANSPORT_OPTIONS } from '../../lib/connection/transport-options';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { parseAddress } from '../../lib/identity/network-address';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { DialAttempts } from '../../lib/transport/dial-attempts';
import { ManualTimers } from '../scheduling/manual-timers';

describe('Attempts to dial an address', () => {
  const [reconnectMinMs, reconnectMaxMs] = [10, 10_000];
  let time: ManualTimers;
  let attempts: DialAttempts;

  const fail = (): number => {
    attempts.failed();
    return attempts.allowedInMs;
  };

  beforeEach(() => {
    time = new ManualTimers();
    const options = { ...DEFAULT_TRANSPORT_OPTIONS, reconnectMinMs, reconnectMaxMs };
    attempts = new DialAttempts(parseAddress('127.0.0.1:4000'), options, time, new Xoshiro128(1));
  });

  it('wait ever longer while they fail, and as long as at first once one has succeeded', () => {
    const first = fail();
    let last = first;
    for (let failed = 0; failed < 8; failed++) last = fail();
    expect(last).to.be.greaterThan(20 * reconnectMinMs);
    attempts.succeeded();
    expect(fail()).to.be.lessThan(3 * reconnectMinMs);
  });

  it('know since when they fail, and why the last one did', () => {
    time.pass(500);
    fail();
    time.pass(300);
    fail();
    expect(attempts.failingSince).to.equal(500);
    attempts.noteLoss(new MoonpoolError('CONNECTION_FAILED', { message: 'nobody listens' }));
    expect(() => attempts.requireAllowed()).to.throw('nobody listens');
    attempts.succeeded();
    expect(attempts.failingSince).to.equal(undefined);
    attempts.forget();
    expect(() => attempts.requireAllowed()).not.to.throw();
  });
});

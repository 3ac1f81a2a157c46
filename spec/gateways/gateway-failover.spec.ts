import { expect } from 'chai';
import { MoonpoolError } from 'moonpool';
import { GatewayFailover } from '../../lib/gateways/gateway-failover';
import type { NodeEndpoints } from '../../lib/services/node-endpoints';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { codeOf, failureOf } from '../activation/cluster-fixture';

const LOST = new MoonpoolError('CONNECTION_LOST', { message: 'the connection is gone', executed: 'maybe' });
const NOT_SENT = new MoonpoolError('NODE_UNREACHABLE', { message: 'nothing was sent', executed: 'no' });
const READING = { name: 'list', does: 'list actors', reads: true } as const;
const CHANGING = { name: 'deliver', does: 'keep a message' };

describe('The gateways of a client', () => {
  let failures: MoonpoolError[];
  let asked: number;
  let now: number;
  let waitMs: number;
  let gateways: GatewayFailover;

  beforeEach(() => {
    [failures, asked, now, waitMs] = [[], 0, 0, 30_000];
    const client = { $with: () => client };
    gateways = new GatewayFailover({
      endpoints: { connect: () => client } as unknown as Pick<NodeEndpoints, 'connect'>,
      transport: {
        peer: () => ({
          hasten: (ms: number) => (waitMs = Math.min(waitMs, ms)),
          get retryInMs() {
            return waitMs;
          },
        }),
      },
      time: { now: () => now, sleep: async (ms: number) => void (now += ms) } as never,
      random: new Xoshiro128(1),
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      addresses: ['a:1', 'b:1', 'c:1'],
      attemptMs: 500,
    });
  });

  const request = async (): Promise<string> => {
    asked++;
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return 'done';
  };

  it('are asked one after the other while nothing was done, and for what changes nothing', async () => {
    failures = [NOT_SENT, NOT_SENT];
    expect(await gateways.ask(CHANGING, request)).to.equal('done');
    failures = [LOST, LOST];
    expect(await gateways.ask(READING, request)).to.equal('done');
    expect(asked).to.equal(6);
  });

  it('that have answered and are gone are tried again for some seconds, and whoever asks waits that long', async () => {
    const gone = Array.from({ length: 3 }, () => NOT_SENT);
    failures = [...gone];
    expect(await codeOf(gateways.ask(READING, request))).to.equal('STORAGE_UNAVAILABLE');
    expect([now, asked]).to.deep.equal([0, 3]);
    await gateways.ask(READING, request);
    failures = [...gone, ...gone, ...gone];
    expect(await gateways.ask(CHANGING, request)).to.equal('done');
    expect(now).to.be.within(500, 1_000);
    const begun = now;
    failures = Array.from({ length: 300 }, () => NOT_SENT);
    expect(await codeOf(gateways.ask(READING, request))).to.equal('STORAGE_UNAVAILABLE');
    expect(now - begun).to.be.within(4_500, 5_000);
  });

  it('that all refuse the connection are not said to be out of reach', async () => {
    const refused = new MoonpoolError('AUTHENTICATION_FAILED', { message: 'the secret is another' });
    const unsent = new MoonpoolError('NODE_UNREACHABLE', { message: 'nothing was sent', cause: refused });
    failures = [unsent, unsent, unsent];
    const all = await failureOf(gateways.ask(READING, request));
    expect(all.message).to.contain('the secret is another').and.contain(refused.remedy);
    failures = [unsent, NOT_SENT, unsent];
    expect((await failureOf(gateways.ask(READING, request))).message).to.contain('can be reached from here');
  });

  it('are not asked for what another one may have done', async () => {
    failures = [NOT_SENT, LOST];
    expect(await codeOf(gateways.ask(CHANGING, request))).to.equal('STORAGE_UNAVAILABLE');
    expect(asked).to.equal(2);
  });
});

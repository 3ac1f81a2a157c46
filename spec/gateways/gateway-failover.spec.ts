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
  let gateways: GatewayFailover;

  beforeEach(() => {
    [failures, asked] = [[], 0];
    const client = { $with: () => client };
    gateways = new GatewayFailover({
      endpoints: { connect: () => client } as unknown as Pick<NodeEndpoints, 'connect'>,
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

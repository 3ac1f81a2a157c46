import { expect } from 'chai';
import { ProbeService } from '../../lib/services/probe-service';
import type { NodeEndpoints } from '../../lib/services/node-endpoints';
import { ServiceClients } from '../../lib/services/service-clients';

describe('Clients of a service', () => {
  it('are made once for each address, and again when they were forgotten', () => {
    const made: string[] = [];
    const connect = (_type: unknown, address: string): unknown => ({
      $with: ({ timeoutMs }: { timeoutMs: number }) => {
        made.push(`${address} ${timeoutMs}`);
        return { address };
      },
    });
    const clients = new ServiceClients({ connect } as Pick<NodeEndpoints, 'connect'>, ProbeService, 500);
    const first = clients.at('a:1');
    expect(clients.at('a:1')).to.equal(first);
    clients.at('b:1');
    clients.keep(['b:1', 'c:1']);
    expect(clients.at('a:1')).not.to.equal(first);
    clients.at('b:1');
    clients.keep();
    clients.at('b:1');
    expect(made).to.deep.equal(['a:1 500', 'b:1 500', 'a:1 500', 'b:1 500']);
  });
});

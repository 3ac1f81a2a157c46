import { expect } from 'chai';
import { Uid } from '../../lib/identity/uid';
import { IncomingRequests, type IncomingParts } from '../../lib/rpc/incoming-requests';
import { EndpointMap } from '../../lib/transport/endpoint-map';

describe('Endpoints of a process', () => {
  it('are kept as long as they are served, however many there have been', () => {
    const endpoints = new EndpointMap(
      () => undefined,
      () => undefined,
    );
    const requests = new IncomingRequests({ transport: { endpoints } } as unknown as IncomingParts);
    const token = Uid.of(5n, 5n);
    const serve = () => requests.serve({ token, name: 'shop', accept: (value) => value, options: {} });
    for (let times = 0; times < 3; times++) serve().close();
    const { open } = requests as unknown as { readonly open: ReadonlySet<unknown> };
    expect([open.size, endpoints.receiverOf(token)]).to.deep.equal([0, undefined]);
    serve();
    expect(serve).to.throw('is served already');
    requests.close();
    expect([open.size, endpoints.receiverOf(token)]).to.deep.equal([0, undefined]);
  });
});

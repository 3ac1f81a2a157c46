import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { NodeTimeProvider } from '../../../lib/providers/node/node-time-provider';

/** Lets nothing else happen for so long. */
function block(forMs: number): void {
  for (const until = performance.now() + forMs; performance.now() < until;);
}

describe('The timers of Node.js', () => {
  const time = new NodeTimeProvider();
  let order: string[];
  let ends: Socket[];
  beforeEach(async () => {
    order = [];
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
    const [[accepted]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
      [Socket],
      unknown,
    ];
    accepted.on('data', () => order.push('input'));
    ends = [client, accepted];
    server.close();
    await time.sleep(30);
  });
  afterEach(() => ends.forEach((end) => end.destroy()));

  it('run behind the input that waits when they are late, and in their order', async () => {
    time.schedule(1, () => order.push('first'));
    time.schedule(85, () => order.push('second'));
    ends[0]?.write('x');
    block(90);
    await time.sleep(60);
    expect(order).to.deep.equal(['input', 'first', 'second']);
  });

  it('can be cancelled while they wait for it', async () => {
    const late = time.schedule(1, () => order.push('cancelled'));
    ends[1]?.on('data', () => late.cancel());
    ends[0]?.write('x');
    block(90);
    await time.sleep(60);
    expect(order).to.deep.equal(['input']);
  });
});

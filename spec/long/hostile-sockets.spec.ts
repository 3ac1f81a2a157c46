import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, Logger, memory, type ContainerModule } from 'moonpool';
import { ByteWriter, JsonSerializer, parseAddress } from 'moonpool/modules';
import { wellKnownToken, WellKnownToken } from '../../lib/identity/well-known-token';
import { EnvelopeKind } from '../../lib/messaging/envelope';
import { writeRequest } from '../../lib/messaging/envelope-writer';
import { handshakePacket } from '../../lib/handshake/handshake';
import { writeHello } from '../../lib/handshake/greeting-codec';
import { LocalNode } from '../../lib/identity/local-node';

const MEBIBYTE = 1024 * 1024;
const FLOOD = 5_000;

@Actor({ name: 'Echo' })
class Echo {
  @Handler() async small(): Promise<string> {
    return 'here';
  }
  @Handler() async large(): Promise<string> {
    return 'x'.repeat(64 * 1024);
  }
}

const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What is held after a full collection, buffers outside of the heap included. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What was taken is given back soon: sockets that were cut are let go of some turns of the event loop later. */
async function released(before: number): Promise<void> {
  for (let waited = 0; (heldBytes() - before) / MEBIBYTE >= 8; waited++) {
    if (waited > 50) throw new Error(`${Math.round((heldBytes() - before) / MEBIBYTE)} MiB more are held than before`);
    await sleep(100);
  }
}

describe('A node on real sockets', function () {
  this.timeout(60_000);
  let node: ActorRuntime;
  let client: ActorRuntime;
  let sockets: Socket[] = [];

  beforeEach(async () => {
    const cluster = { namespace: 'spec', actors: [Echo], modules: [memory(), silent], inProcess: false };
    node = await ActorRuntime.start({ ...cluster, transport: { handshakeLimitMs: 300, stalledLimitMs: 300 } });
    client = await ActorRuntime.connect(cluster);
    await client.actor(Echo, 'e').small();
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    await client.shutdown();
    await node.shutdown();
  });

  const dial = async (): Promise<Socket> => {
    const address = parseAddress(node.address);
    if (address.kind !== 'tcp') throw new Error('the node listens on TCP');
    const socket = connect({ host: address.host, port: address.port, noDelay: true });
    socket.on('error', () => undefined);
    sockets.push(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    return socket;
  };

  /** A guest who has greeted as a client does. */
  const guest = async (): Promise<Socket> => {
    const local = new LocalNode('client', 'spec', 'guest');
    local.join({ name: 'guest', incarnation: 7 });
    const socket = await dial();
    socket.write(handshakePacket(wellKnownToken(WellKnownToken.hello), writeHello(local, undefined)));
    await once(socket, 'data');
    return socket;
  };

  /** Calls of a friend while something goes on: how long the slowest took, in milliseconds. */
  const slowestOfFriend = async (hostility: Promise<unknown>): Promise<number> => {
    const progress = { isOver: false };
    let slowestMs = 0;
    const over = hostility.finally(() => {
      progress.isOver = true;
    });
    while (!progress.isOver) {
      const startedAt = performance.now();
      expect(await client.actor(Echo, 'e').$with({ timeoutMs: 10_000 }).small()).to.equal('here');
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      await sleep(5);
    }
    await over;
    return slowestMs;
  };

  const incoming = (): number => Number((node.inspect()['peers'] as { readonly incoming: number }).incoming);

  const request = (correlation: number): Uint8Array => {
    const into = new ByteWriter();
    const envelope = {
      kind: EnvelopeKind.request,
      correlation,
      incarnation: 0,
      deadline: 1e9,
      target: 'spec/Echo/e',
      method: 'large',
      chain: [],
      values: undefined,
      args: [],
    };
    writeRequest(
      { ...envelope, isCancellable: false, isAnsweredOnArrival: false, hops: 0 },
      new JsonSerializer(),
      into,
    );
    return handshakePacket(wellKnownToken(WellKnownToken.actorMessage), into.take());
  };

  it(`keeps 64 of ${FLOOD} connections that say nothing, holds no memory for the others, and serves its friends meanwhile`, async () => {
    const before = heldBytes();
    let most = 0;
    const flood = async (): Promise<void> => {
      for (let opened = 0; opened < FLOOD; opened += 250) {
        await Promise.all(Array.from({ length: 250 }, dial));
        most = Math.max(most, incoming());
      }
    };
    const slowestMs = await slowestOfFriend(flood());
    expect(most).to.be.within(2, 65);
    expect(slowestMs).to.be.below(2_000);
    for (const socket of sockets) socket.destroy();
    sockets = [];
    await released(before);
    for (let waited = 0; incoming() > 1 && waited < 300; waited++) await sleep(10);
    expect(incoming()).to.equal(1);
  });

  it('cuts who greets byte by byte, within the limit of a handshake', async () => {
    const socket = await dial();
    const closed = new Promise((resolve) => socket.once('close', resolve)).then(() => performance.now());
    const startedAt = performance.now();
    const drip = setInterval(() => socket.write(Buffer.of(60)), 50);
    const slowestMs = await slowestOfFriend(closed);
    clearInterval(drip);
    expect((await closed) - startedAt).to.be.within(200, 1_500);
    expect(slowestMs).to.be.below(1_000);
  });

  it('holds a bounded part of what somebody asks for and does not read, and gives that one up', async () => {
    const before = heldBytes();
    const socket = await guest();
    socket.pause();
    const isConnected = (): boolean => incoming() > 1;
    let most = 0;
    const ask = async (): Promise<void> => {
      for (let correlation = 1; correlation <= 2_000 && isConnected(); correlation++) {
        socket.write(request(correlation));
        if (correlation % 50 === 0) await sleep(2);
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
      for (let waited = 0; isConnected(); waited++) {
        if (waited > 500) throw new Error('it was not cut');
        await sleep(10);
      }
    };
    const slowestMs = await slowestOfFriend(ask());
    expect((most - before) / MEBIBYTE).to.be.below(80);
    expect(slowestMs).to.be.below(2_000);
    await released(before);
  });
});

import { expect } from 'chai';
import { LocalSystem, type LocalContext } from 'moonpool/local';
import { RpcInterface, RpcMethod, Uid, type RequestStream } from 'moonpool/rpc';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { ReliableQueue } from '../../lib/transport/reliable-queue';
import { DEFAULT_TRANSPORT_OPTIONS } from '../../lib/connection/transport-options';
import { failureOf } from '../activation/cluster-fixture';
import { Transports } from '../rpc/rpc-fixture';

@RpcInterface({ id: 77n })
class Desk {
  @RpcMethod(0) async answer(_question: unknown): Promise<unknown> {
    return { deep: [() => 1] };
  }
  @RpcMethod(1) async never(): Promise<void> {
    return new Promise(() => undefined);
  }
}

const TOKEN = Uid.of(6n, 6n);

describe('An error names the other side', () => {
  const transports = new Transports();
  afterEach(() => transports.closeAll());

  async function desk() {
    const server = await transports.listen({ name: 'server' });
    server.serve(new Desk());
    const caller = await transports.open({ name: 'caller' });
    return { server, caller, client: caller.connect(Desk, server.address) };
  }

  it('of a request whose question, or whose answer, cannot be carried', async () => {
    const { server, client } = await desk();
    expect((await failureOf(client.answer({ list: [() => 1] }))).message).to.match(
      new RegExp(
        `^UNSERIALIZABLE_VALUE: The request to Desk\\.answer at ${server.address} holds a function at list\\[0\\]\\. Send plain data`,
      ),
    );
    expect((await failureOf(client.answer(1))).message).to.match(
      /^HANDLER_FAILED: The handler of Desk\.answer failed with UNSERIALIZABLE_VALUE: the answer to a request for Desk\.answer holds a function at deep\[0\]\. /,
    );
  });

  it('of a request that takes too long, with its milliseconds', async () => {
    const { server, caller } = await desk();
    const asked = failureOf(caller.request({ address: server.address, token: TOKEN }, 1, { timeoutMs: 30 }));
    const stream: RequestStream<number, number> = server.requestStream(TOKEN, { name: 'slow desk' });
    expect((await asked).message).to.match(
      new RegExp(
        `^CALL_TIMEOUT: The request to \\S+ at ${server.address} was not answered within 30 ms\\. Repeat it only if that is safe; or give it more time with \`timeoutMs\`\\.$`,
      ),
    );
    stream.close();
  });

  it('of a request that could not be sent, which moves nowhere as an actor would', async () => {
    const { server, caller, client } = await desk();
    await server.close();
    for (let attempt = 0; attempt < 2; attempt++) {
      const { message } = await failureOf(client.never());
      expect(message).to.match(
        new RegExp(
          `^NODE_UNREACHABLE: The request to Desk\\.never at ${server.address.replace('.', '\\.')} was not sent: no connection to`,
        ),
      );
      expect(message).to.contain(
        "Ask again when the server is back, ask another one, or have the request repeated with `delivery: 'at-least-once'`.",
      );
    }
    expect(caller.pendingRequests).to.equal(0);
  });

  it('of a request that is answered twice', async () => {
    const { server, caller } = await desk();
    const said: string[] = [];
    const stream: RequestStream<number, number> = server.requestStream(TOKEN, { name: 'hasty desk' });
    stream.serve((_request, reply) => {
      reply.fulfil(1);
      try {
        reply.fulfil(2);
      } catch (error) {
        said.push((error as Error).message);
      }
    });
    expect(await caller.request({ address: server.address, token: TOKEN }, 1)).to.equal(1);
    expect(said[0]).to.match(
      /^REPLY_ALREADY_GIVEN: A request for hasty desk was to be answered again; its reply promise is fulfilled already\. /,
    );
    stream.close();
  });

  it('of a request that is answered twice', async () => {
    const system = await LocalSystem.open();
    const said: string[] = [];
    const actor = system.spawn<number, number>(
      async (context: LocalContext<number, number>): Promise<void> => {
        const request = await context.receive();
        request?.answer(1);
        try {
          request?.answer(2);
        } catch (error) {
          said.push((error as Error).message);
        }
      },
      { name: 'clerk' },
    );
    expect(await actor.request(1)).to.equal(1);
    await system.stop();
    expect(said).to.deep.equal([
      'REPLY_ALREADY_GIVEN: A request to the local actor clerk was answered twice. Answer or refuse each request once.',
    ]);
  });

  it('of reliable messages that are too many, too large, or given up', () => {
    const told: string[] = [];
    const queue = new ReliableQueue(
      { ...DEFAULT_TRANSPORT_OPTIONS, maxReliablePackets: 1, maxPacketBytes: 100 },
      1,
      (_messages, error) => told.push(error.message),
      'node2:5000',
    );
    const add = (bytes: number) => () => queue.add(wellKnownToken(40), (into) => into.bytes(Buffer.alloc(bytes)));
    expect(add(200)).to.throw(
      /PACKET_TOO_LARGE: A reliable message to node2:5000 has 2\d\d bytes; the limit is 100\. Send less at once, or raise `transport\.maxPacketBytes` on all nodes\./,
    );
    add(1)();
    expect(add(1)).to.throw(
      /SEND_QUEUE_FULL: 1 reliable messages of \d+ bytes wait for their acknowledgement by node2:5000; the limits are 1 and \d+\. Await whenRoom\(\) before sending more, or raise `transport\.maxReliablePackets`/,
    );
    queue.giveUp('it was declared dead');
    expect(told[0]).to.match(
      /^MESSAGE_UNDELIVERED: 1 reliable messages to node2:5000 were given up: it was declared dead\. /,
    );
  });
});

import { expect } from 'chai';
import { IsInt, IsPositive } from 'class-validator';
import { isMoonpoolError, MoonpoolError, type ContainerModule } from 'moonpool';
import { JsonSerializer, Serializer, type ByteWriter } from 'moonpool/modules';
import { RpcInterface, RpcMethod, Uid, type FlowTransport } from 'moonpool/rpc';
import { Transports } from './rpc-fixture';

class Amount {
  @IsInt() @IsPositive() amount!: number;
}

let runs = 0;

/** What the server does; it knows no class of answers. */
@RpcInterface({ id: 77 })
class Server {
  @RpcMethod(0) async wrong(): Promise<unknown> {
    runs++;
    return { amount: -1 };
  }
  @RpcMethod(1) async none(): Promise<unknown> {
    runs++;
    return 'none';
  }
  @RpcMethod(2) async large(): Promise<unknown> {
    runs++;
    return 'x'.repeat(2 << 20);
  }
  @RpcMethod(3) async uncarried(): Promise<unknown> {
    runs++;
    return () => undefined;
  }
  @RpcMethod(4) async pass(): Promise<unknown> {
    runs++;
    throw new MoonpoolError('INVALID_PAYLOAD', { message: 'Something else was asked, and refused' });
  }
  @RpcMethod(5) async take(payload: Amount): Promise<number> {
    runs++;
    return payload.amount;
  }
  @RpcMethod(6) async unreadable(): Promise<unknown> {
    runs++;
    return 'unreadable';
  }
  @RpcMethod(7) async failUnreadably(): Promise<unknown> {
    runs++;
    throw new Error('unreadable');
  }
}

/** The same as its callers see it. */
@RpcInterface({ id: 77 })
class Caller {
  @RpcMethod(0, { returns: Amount }) async wrong(): Promise<Amount> {
    throw new Error('it is served elsewhere');
  }
  @RpcMethod(1, { returns: Amount }) async none(): Promise<Amount> {
    throw new Error('it is served elsewhere');
  }
}

/** Writes what its other side cannot read, when the value says so. */
class Spoiling extends JsonSerializer implements Serializer {
  override write(value: unknown, into: ByteWriter): void {
    if (JSON.stringify(value ?? null).includes('unreadable')) into.text('{"cut off');
    else super.write(value, into);
  }
}

const spoiling: ContainerModule = {
  name: 'spoiling',
  load: (bind) => bind(Serializer).toFactory([], () => new Spoiling()),
};

describe('A request to a fixed endpoint says whether it was handled', () => {
  const transports = new Transports();
  let server: FlowTransport;
  let transport: FlowTransport;
  beforeEach(async () => {
    runs = 0;
    server = await transports.listen({ modules: [spoiling] });
    server.serve(new Server());
    transport = await transports.open();
  });
  afterEach(() => transports.closeAll());

  async function endOf(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.then(
      (value) => new Error(`it gave ${String(value)}`),
      (failure: unknown) => failure,
    );
    return isMoonpoolError(error) ? `${error.code}/${error.executed} after ${runs}` : `${String(error)} after ${runs}`;
  }

  it('when the caller refuses the answer, by its class or because it cannot be read', async () => {
    const caller = transport.connect(Caller, server.address);
    expect(await endOf(caller.wrong())).to.equal('INVALID_PAYLOAD/yes after 1');
    expect(await endOf(caller.none())).to.equal('INVALID_PAYLOAD/yes after 2');
    const client = transport.connect(Server, server.address);
    expect(await endOf(client.unreadable())).to.equal('MALFORMED_PAYLOAD/yes after 3');
    expect(await endOf(client.failUnreadably())).to.equal('MALFORMED_PAYLOAD/maybe after 4');
    const token = Uid.of(77n, 0n);
    const accept = (): never => {
      throw new TypeError('no such answer');
    };
    expect(await endOf(transport.request({ address: server.address, token }, undefined, {}, accept))).to.equal(
      'INVALID_PAYLOAD/yes after 5',
    );
  });

  it('when the server cannot send its answer, or fails with an error that speaks of other work', async () => {
    const client = transport.connect(Server, server.address);
    expect(await endOf(client.large())).to.match(/^HANDLER_FAILED\/yes after 1$/);
    expect(await endOf(client.uncarried())).to.equal('HANDLER_FAILED/yes after 2');
    expect(await endOf(client.pass())).to.equal('HANDLER_FAILED/yes after 3');
    const stream = server.requestStream<string, string>(Uid.of(9n, 9n));
    void (async () => {
      for await (const { reply } of stream)
        reply.fail(new MoonpoolError('CALL_TIMEOUT', { message: 'Another request was not answered' }));
    })();
    expect(await endOf(transport.request({ address: server.address, token: Uid.of(9n, 9n) }, 'x'))).to.equal(
      'HANDLER_FAILED/yes after 3',
    );
  });

  it('and that it was not, when it is given more than its one argument, which would be lost', async () => {
    const untyped = transport.connect(Server, server.address) as unknown as Record<
      'take',
      (...args: unknown[]) => Promise<unknown>
    > & { $send: Record<'take', (...args: unknown[]) => void> };
    expect(await endOf(untyped.take({ amount: 1 }, 3))).to.equal('INVALID_PAYLOAD/no after 0');
    expect(() => untyped.$send.take({ amount: 1 }, 3)).to.throw('Server.take was given 2 arguments');
    expect(await untyped.take({ amount: 1 }, undefined)).to.equal(1);
  });

  it('and that it was not, when the server refuses it', async () => {
    const client = transport.connect(Server, server.address);
    expect(await endOf(client.take({ amount: 0 }))).to.equal('INVALID_PAYLOAD/no after 0');
    expect(await endOf(transport.request({ address: server.address, token: Uid.of(8n, 8n) }, 'x'))).to.equal(
      'ENDPOINT_NOT_FOUND/no after 0',
    );
    server.requestStream<string, string>(Uid.of(9n, 9n), { capacity: 1 });
    const first = transport.request({ address: server.address, token: Uid.of(9n, 9n) }, 'x', { timeoutMs: 200 });
    expect(await endOf(transport.request({ address: server.address, token: Uid.of(9n, 9n) }, 'x'))).to.equal(
      'REQUEST_STREAM_FULL/no after 0',
    );
    expect(await endOf(first)).to.equal('CALL_TIMEOUT/maybe after 0');
  });

  it('and says no of nothing that still leaves when its connection is made', async () => {
    const client = transport.connect(Server, server.address);
    const ended = new AbortController();
    // Nothing was connected yet: the request waits for that, and goes then, whoever has given it up.
    const given = endOf(client.$with({ signal: ended.signal }).take({ amount: 7 }));
    ended.abort();
    expect(await given).to.equal('CALL_CANCELLED/maybe after 0');
    expect(await client.take({ amount: 8 })).to.equal(8);
    expect(runs).to.equal(2);
  });
});

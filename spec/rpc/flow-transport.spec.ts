import { expect } from 'chai';
import { IsInt } from 'class-validator';
import type { ContainerModule } from 'moonpool';
import { JsonSerializer, Serializer, type ByteWriter } from 'moonpool/modules';
import { RpcInterface, RpcMethod, Uid, type RpcCaller } from 'moonpool/rpc';
import { codeOf, Transports } from './rpc-fixture';

class Order {
  @IsInt() count!: number;
}

class Receipt {
  @IsInt() total!: number;
  get isLarge(): boolean {
    return this.total > 100;
  }
}

@RpcInterface({ id: 2n ** 63n })
class Shop {
  readonly noted: number[] = [];
  onNote: () => void = () => undefined;

  @RpcMethod(0, { returns: Receipt }) async order({ count }: Order): Promise<Receipt> {
    return Object.assign(new Receipt(), { total: count * 60 });
  }

  @RpcMethod(1) async note(amount: number): Promise<void> {
    this.noted.push(amount);
    this.onNote();
  }

  @RpcMethod(7) async fail(): Promise<never> {
    throw new RangeError('sold out');
  }

  async unmarked(): Promise<void> {}

  @RpcMethod(8) async never(): Promise<void> {
    return new Promise(() => undefined);
  }
}

const TOKEN = Uid.of(5n, 5n);

describe('A transport of fixed endpoints', () => {
  const transports = new Transports();
  afterEach(() => transports.closeAll());

  async function shop(options: { readonly capacity?: number; readonly admits?: (caller: RpcCaller) => boolean } = {}) {
    const server = await transports.listen();
    const instance = new Shop();
    const served = server.serve(instance, options);
    const transport = await transports.open({ name: 'customer' });
    return { server, instance, served, transport, client: transport.connect(Shop, server.address) };
  }

  it('carries requests and replies of typed methods, and rebuilds replies as their class', async () => {
    const { client } = await shop();
    const receipt = await client.order({ count: 2 });
    expect(receipt).to.be.instanceOf(Receipt);
    expect(receipt.isLarge).to.equal(true);
  });

  it('passes the error of a handler on to its caller', async () => {
    const { client } = await shop();
    const error = await client.fail().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RangeError).and.have.property('message', 'sold out');
  });

  it('refuses a request that breaks the rules of its class, before the handler sees it', async () => {
    const { client } = await shop();
    expect(await codeOf(client.order({ count: 1.5 }))).to.equal('INVALID_PAYLOAD');
    expect(await codeOf(client.note('much' as unknown as number))).to.equal('INVALID_PAYLOAD');
  });

  it('says of a method that is not marked what to do', async () => {
    const { client } = await shop();
    const { unmarked } = client as unknown as Record<string, () => Promise<void>>;
    const error = await unmarked?.().catch((thrown: Error) => thrown);
    expect(String(error)).to.match(
      /UNKNOWN_HANDLER: The method unmarked of the interface Shop is not marked with @RpcMethod.*Mark it with @RpcMethod\(index\), or call one of those that are: order/,
    );
    expect(() => (client.$send as unknown as Record<string, () => void>)['unmarked']?.()).to.throw(
      /is not marked with @RpcMethod/,
    );
  });

  it('tells a caller that nobody serves an endpoint, before and after it was served', async () => {
    const { client, served, server, transport } = await shop();
    expect(await codeOf(transport.request({ address: server.address, token: TOKEN }, 1))).to.equal(
      'ENDPOINT_NOT_FOUND',
    );
    await client.note(1);
    served.close();
    expect(await codeOf(client.note(2))).to.equal('ENDPOINT_NOT_FOUND');
  });

  it('refuses callers that an endpoint does not admit', async () => {
    const { client, server, instance } = await shop({ admits: ({ node }) => node.name === 'boss' });
    const boss = await transports.open({ name: 'boss' });
    expect(await codeOf(client.note(1))).to.equal('ENDPOINT_FORBIDDEN');
    await boss.connect(Shop, server.address).note(2);
    expect(instance.noted).to.deep.equal([2]);
  });

  it('breaks the promises of requests that are in hand when their endpoint is closed', async () => {
    const { client, served, transport } = await shop();
    const waiting = codeOf(client.never());
    await transport.ping(client.$address);
    served.close();
    expect(await waiting).to.equal('BROKEN_PROMISE');
  });

  it('refuses requests beyond the capacity of an endpoint', async () => {
    const { client } = await shop({ capacity: 2 });
    void codeOf(client.never());
    void codeOf(client.never());
    expect(await codeOf(client.never())).to.equal('REQUEST_STREAM_FULL');
  });

  it('ends a request at its deadline, when it is cancelled, and when the transport closes', async () => {
    const { client, transport } = await shop();
    const controller = new AbortController();
    const cancelled = codeOf(client.$with({ signal: controller.signal }).never());
    const closed = codeOf(client.never());
    expect(await codeOf(client.$with({ timeoutMs: 20 }).never())).to.equal('CALL_TIMEOUT');
    controller.abort();
    expect(await cancelled).to.equal('CALL_CANCELLED');
    expect(await codeOf(client.$with({ signal: controller.signal }).never())).to.equal('CALL_CANCELLED');
    expect(transport.pendingRequests).to.equal(1);
    await transport.close();
    expect(await closed).to.equal('TRANSPORT_CLOSED');
    expect(await codeOf(client.note(1))).to.equal('TRANSPORT_CLOSED');
    expect(transport.pendingRequests).to.equal(0);
  });

  it('refuses what is no endpoint, and goes on asking others on the same connection', async () => {
    const { server, caller } = { server: await transports.listen(), caller: await transports.open() };
    server.serve(new Shop());
    const shopThere = caller.connect(Shop, server.address);
    expect(await shopThere.order({ count: 1 })).to.include({ total: 60 });
    const { address } = server;
    for (const token of [undefined, null, 5, 'a token', {}, { firstLow: 1 }]) {
      const endpoint = { address, token: token as never };
      expect(await codeOf(caller.request(endpoint, 1)), String(token)).to.equal('INVALID_OPTION');
      expect(() => caller.send(endpoint, 1)).to.throw('INVALID_OPTION');
      expect(() => server.requestStream(token as never)).to.throw('INVALID_OPTION');
    }
    for (const wrong of [undefined, null, 5, {}, 'nowhere']) {
      expect(await codeOf(caller.ping(wrong as never)), String(wrong)).to.equal('INVALID_ADDRESS');
      expect(await codeOf(caller.request({ address: wrong as never, token: TOKEN }, 1))).to.equal('INVALID_ADDRESS');
    }
    expect(await codeOf(caller.request(undefined as never, 1))).to.equal('INVALID_OPTION');
    for (const options of [null, 5, { timeoutMs: -1 }] as never[])
      expect(await codeOf(caller.ping(address, options))).to.equal('INVALID_OPTION');
    for (const wrong of [undefined, null, {}, Shop])
      expect(() => server.serve(wrong as never), String(wrong)).to.throw('INVALID_RPC_INTERFACE');
    expect(() => caller.connect(undefined as never, address)).to.throw('INVALID_RPC_INTERFACE');
    expect(await shopThere.order({ count: 2 })).to.include({ total: 120 });
  });

  it('says that a request was not executed when nobody listens on its address', async () => {
    const { client, server } = await shop();
    await server.close();
    const error = await client.note(1).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'NODE_UNREACHABLE', executed: 'no' });
  });

  it('repeats a request until somebody answers, or its address failed for too long', async () => {
    const { client, server, transport } = await shop();
    const { address } = server;
    await client.note(1);
    await server.close();
    const patient = transport.connect(Shop, address).$with({ delivery: 'at-least-once', timeoutMs: 5_000 });
    expect(await codeOf(patient.$with({ unlessFailedForMs: 50 }).note(2))).to.equal('NODE_UNREACHABLE');
    const waiting = patient.note(3);
    const again = await transports.listen({ listen: address });
    const instance = new Shop();
    again.serve(instance);
    await waiting;
    expect(instance.noted).to.deep.equal([3]);
  });

  it('sends one-way requests, which run and answer nothing', async () => {
    const { client, instance, transport } = await shop();
    const noted = new Promise<void>((resolve) => (instance.onNote = resolve));
    expect(client.$send.note(5)).to.equal(undefined);
    await noted;
    expect(instance.noted).to.deep.equal([5]);
    expect(transport.pendingRequests).to.equal(0);
  });

  it('answers pings without being told to', async () => {
    const { server, transport } = await shop();
    expect(await transport.ping(server.address)).to.be.within(0, 1_000);
  });

  it('serves an endpoint once, and leaves the well-known ones alone', async () => {
    const { server } = await shop();
    expect(() => server.serve(new Shop())).to.throw('ENDPOINT_IN_USE');
    expect(() => server.requestStream(Uid.of(2n ** 64n - 1n, 1n))).to.throw('INVALID_OPTION');
  });

  it('refuses more requests than may wait', async () => {
    const { server } = await shop();
    const asker = await transports.open({ maxPendingRequests: 1 });
    const client = asker.connect(Shop, server.address);
    void codeOf(client.never());
    expect(await codeOf(client.note(1))).to.equal('TOO_MANY_PENDING_CALLS');
  });

  it('does not talk to processes of another network', async () => {
    const { server } = await shop();
    const stranger = await transports.open({ network: 'elsewhere' });
    expect(await codeOf(stranger.connect(Shop, server.address).note(1))).to.be.oneOf([
      'NODE_UNREACHABLE',
      'CONNECTION_LOST',
    ]);
  });

  it('uses the serializer that a module binds', async () => {
    const written: unknown[] = [];
    class WatchedSerializer extends JsonSerializer {
      override write(value: unknown, into: ByteWriter): void {
        written.push(value);
        super.write(value, into);
      }
    }
    const watched: ContainerModule = {
      name: 'watched',
      load: (bind) => bind(Serializer).toFactory([], () => new WatchedSerializer()),
    };
    const { server } = await shop();
    const asker = await transports.open({ modules: [watched] });
    await asker.connect(Shop, server.address).note(9);
    expect(written).to.deep.equal([9]);
  });
});

import { expect } from 'chai';
import { type RequestStream, Uid } from 'moonpool/rpc';
import { RequestStream as ServedStream } from '../../lib/rpc/request-stream';
import { codeOf, Transports } from './rpc-fixture';

const TOKEN = Uid.of(1n, 2n);

describe('A request stream', () => {
  const transports = new Transports();
  afterEach(() => transports.closeAll());

  async function stream(capacity = 10) {
    const server = await transports.listen();
    const requests: RequestStream<number, string> = server.requestStream<number, string>(TOKEN, { capacity });
    const asker = await transports.open();
    const ask = (request: number): Promise<string> =>
      asker.request<string>({ address: server.address, token: TOKEN }, request);
    return { requests, ask };
  }

  it('yields requests in the order of their arrival, and breaks what its loop leaves behind', async () => {
    const { requests, ask } = await stream();
    const answers = Promise.all([1, 2, 3, 4].map((request) => codeOf(ask(request))));
    const seen: number[] = [];
    for await (const { request, reply } of requests) {
      seen.push(request);
      if (request === 3) break;
      reply.fulfil(`got ${request}`);
    }
    expect(seen).to.deep.equal([1, 2, 3]);
    expect((await answers).slice(0, 3)).to.deep.equal(['got 1', 'got 2', 'BROKEN_PROMISE']);
    expect((await answers)[3]).to.be.oneOf(['BROKEN_PROMISE', 'ENDPOINT_NOT_FOUND']);
  });

  it('ends the loop that waits for it when it is closed', async () => {
    const { requests } = await stream();
    const looping = (async () => {
      for await (const { reply } of requests) reply.fulfil('never');
      return 'ended';
    })();
    requests.close();
    expect(await looping).to.equal('ended');
  });

  it('that is closed has told who waits: what a handler answers afterwards concerns nobody', async () => {
    for (const answer of [() => 'late', () => Promise.reject(new Error('late'))]) {
      const told: string[] = [];
      const failures: unknown[] = [];
      let work: Promise<unknown> | undefined;
      const requests = new ServedStream<number, string>({
        ...{ name: 'late', capacity: 1, onClosed: () => undefined },
        spawn: (run) => (work = run().catch((error: unknown) => failures.push(error))),
      });
      let goOn: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (goOn = resolve));
      requests.serve(async (_request, reply) => {
        await held;
        reply.fulfil(await answer());
      });
      requests.deliver(1, {
        value: () => told.push('value'),
        error: () => told.push('error'),
        broken: () => told.push('broken'),
      });
      requests.close();
      goOn();
      await work;
      expect({ told, failures }).to.deep.equal({ told: ['broken'], failures: [] });
    }
  });

  it('lets an answer be given once', async () => {
    const { requests, ask } = await stream();
    const outcome = new Promise<unknown>((resolve) => {
      requests.serve((_request, reply) => {
        reply.fulfil('first');
        try {
          reply.fulfil('second');
        } catch (error) {
          resolve(error);
        }
      });
    });
    expect(await ask(1)).to.equal('first');
    expect(await outcome).to.have.property('code', 'REPLY_ALREADY_GIVEN');
    expect(requests.pending).to.equal(0);
  });

  it('breaks the promise of a handler that ends without an answer', async () => {
    const { requests, ask } = await stream();
    requests.serve(async () => undefined);
    expect(await codeOf(ask(1))).to.equal('BROKEN_PROMISE');
  });

  it('answers with an error when the value cannot be sent', async () => {
    const { requests, ask } = await stream();
    requests.serve((_request, reply) => reply.fulfil((() => 1) as unknown as string));
    expect(await codeOf(ask(1))).to.equal('HANDLER_FAILED');
    requests.close();
  });
});

import { expect } from 'chai';
import { isMoonpoolError, MoonpoolError } from '../../lib/errors/moonpool-error';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import type { TimeProvider } from '../../lib/providers/time-provider';
import type { Transport } from '../../lib/transport/transport';
import type { TransportOptions } from '../../lib/connection/transport-options';
import type { ContractWorld } from 'moonpool/contracts';

const WORDS = wellKnownToken(40);

/** Makes transports of one world that reach each other. */
export interface TransportMaker {
  readonly time: TimeProvider;
  /** The route that connections are expected to take. */
  readonly link: 'tcp' | 'unix';
  /** A transport that has started. Those of one place listen on the same address, one after the other. */
  open(place: string, incarnation: number, options?: Partial<TransportOptions>): Promise<OpenTransport>;
}

export interface OpenTransport {
  readonly transport: Transport;
  readonly address: string;
}

/** A transport, and the words that came to it. */
class Post {
  readonly words: string[] = [];

  constructor(private readonly open: OpenTransport) {
    this.transport.endpoints.register(WORDS, (payload) => this.words.push(payload.toString()));
  }

  get transport(): Transport {
    return this.open.transport;
  }

  get address(): string {
    return this.open.address;
  }

  sendReliable(to: Post, word: string): number {
    return this.transport.peer(to.address).sendReliable(WORDS, (into) => into.text(word));
  }

  sendUnreliable(to: Post, word: string): boolean {
    return this.transport.peer(to.address).sendUnreliable(WORDS, (into) => into.text(word));
  }
}

/** What every transport does, over whatever network. */
export function describeTransportContract(name: string, world: ContractWorld<TransportMaker>): void {
  describe(`Transport over ${name}`, () => {
    const it2 = (
      title: string,
      body: (
        maker: TransportMaker,
        post: (place: string, options?: Partial<TransportOptions>, incarnation?: number) => Promise<Post>,
      ) => Promise<void>,
    ) =>
      it(title, () =>
        world.run(async (maker) => {
          const posts: Post[] = [];
          try {
            await body(maker, async (place, options, incarnation = 1) => {
              const post = new Post(await maker.open(place, incarnation, options));
              posts.push(post);
              return post;
            });
          } finally {
            for (const { transport } of posts)
              transport.cutAll(new MoonpoolError('CONNECTION_LOST', { message: 'The spec has ended' }));
          }
        }),
      );

    it2('delivers reliable and unreliable packets in the order of sending, both ways', async ({ time, link }, post) => {
      const [a, b] = [await post('a'), await post('b')];
      a.sendReliable(b, 'one');
      expect(a.sendUnreliable(b, 'two')).to.equal(true);
      a.sendReliable(b, 'three');
      b.sendReliable(a, 'back');
      await until(time, () => b.words.length === 3 && a.words.length === 1);
      expect([[...b.words].sort(), a.words]).to.deep.equal([['one', 'three', 'two'], ['back']]);
      expect(b.words.indexOf('one')).to.be.lessThan(b.words.indexOf('three'));
      expect(a.transport.describe().outgoing[b.address]).to.deep.include({ state: 'connected', link });
    });

    it2(
      'delivers reliable messages once and in order when its connections are cut again and again',
      async ({ time }, post) => {
        const [a, b] = [await post('a', { reconnectMinMs: 1, reconnectMaxMs: 5 }), await post('b')];
        const sent: string[] = [];
        for (let word = 0; word < 200; word++) {
          sent.push(`${word}`);
          a.sendReliable(b, `${word}`);
          if (word % 10 === 0) await wait(time, 3);
          if (word % 40 === 39)
            a.transport.peer(b.address).cut(new MoonpoolError('CONNECTION_LOST', { message: 'The spec cut it' }));
        }
        await a.transport.peer(b.address).whenAcknowledged();
        expect(b.words).to.deep.equal(sent);
        expect(a.transport.describe().outgoing[b.address]?.attempts).to.be.greaterThan(3);
      },
    );

    it2('refuses reliable messages when its queue is full, and tells when there is room', async (_, post) => {
      const [a, b] = [await post('a', { maxReliablePackets: 3 }), await post('b')];
      for (const word of ['1', '2', '3']) a.sendReliable(b, word);
      const peer = a.transport.peer(b.address);
      expect(() => a.sendReliable(b, '4'))
        .to.throw()
        .with.property('code', 'SEND_QUEUE_FULL');
      expect(peer.hasRoom).to.equal(false);
      await peer.whenRoom();
      expect(peer.hasRoom).to.equal(true);
      a.sendReliable(b, '5');
      await peer.whenAcknowledged();
      expect(b.words).to.deep.equal(['1', '2', '3', '5']);
    });

    it2('drops unreliable packets beyond its limit, and counts them', async ({ time }, post) => {
      const [a, b] = [await post('a', { maxUnreliablePackets: 2 }), await post('b')];
      expect(['1', '2', '3'].map((word) => a.sendUnreliable(b, word))).to.deep.equal([true, true, false]);
      await until(time, () => b.words.length === 2);
      expect(a.transport.describe().outgoing[b.address]?.unreliable).to.deep.equal({ dropped: 1, lost: 0 });
    });

    it2('writes what was queued, and waits for what was reliable, before it closes', async (_, post) => {
      const [a, b] = [await post('a'), await post('b')];
      for (let word = 0; word < 500; word++) a.sendReliable(b, 'x'.repeat(1_000));
      await a.transport.stop();
      expect(b.words).to.have.length(500);
      expect(() => a.sendReliable(b, 'late'))
        .to.throw()
        .with.property('code', 'RUNTIME_NOT_READY');
    });

    it2(
      'gives up what was not acknowledged when closing takes too long, and tells each message',
      async ({ time }, post) => {
        const [a, b] = [await post('a', { closeLimitMs: 50 }), await post('b')];
        await b.transport.stop();
        const told: [number, string][] = [];
        a.transport.onUndelivered((_, messages, error) => {
          for (const { sequence, executed } of messages) told.push([sequence, executed]);
          expect(isMoonpoolError(error, 'MESSAGE_UNDELIVERED')).to.equal(true);
        });
        const sequence = a.sendReliable(b, 'to nobody');
        const before = time.now();
        await a.transport.stop();
        expect(told).to.deep.equal([[sequence, 'no']]);
        expect(time.now() - before).to.be.within(45, 1_000);
      },
    );

    it2(
      'tells what another incarnation of the other side has not received, and never sends it there',
      async ({ time }, post) => {
        const a = await post('a', { reconnectMinMs: 1, reconnectMaxMs: 20 });
        const first = await post('b');
        a.sendReliable(first, 'to the first');
        await a.transport.peer(first.address).whenAcknowledged();
        first.transport.cutAll(new MoonpoolError('CONNECTION_LOST', { message: 'The first incarnation ends' }));
        await until(time, () => a.transport.failures.statusOf(first.address).health === 'fails');
        const told: number[] = [];
        a.transport.onUndelivered((_, messages) => told.push(...messages.map(({ sequence }) => sequence)));
        const sequence = a.sendReliable(first, 'too late for the first');
        const second = await post('b', {}, 2);
        await until(time, () => told.length > 0);
        a.sendReliable(second, 'to the second');
        await a.transport.peer(second.address).whenAcknowledged();
        expect([told, first.words, second.words]).to.deep.equal([[sequence], ['to the first'], ['to the second']]);
      },
    );

    it2('tells who answers lately', async ({ time }, post) => {
      const [a, b] = [await post('a'), await post('b')];
      const heard: string[] = [];
      const end = a.transport.failures.subscribe((address, health) => heard.push(`${address === b.address} ${health}`));
      expect(a.transport.failures.statusOf(b.address).health).to.equal('unknown');
      a.sendReliable(b, 'hello');
      await a.transport.peer(b.address).whenAcknowledged();
      expect(a.transport.failures.statusOf(b.address).health).to.equal('answers');
      await b.transport.stop();
      await until(time, () => heard.length === 2);
      end();
      a.transport.forget(b.address, new MoonpoolError('CONNECTION_LOST', { message: 'It is not needed any more' }));
      expect(heard).to.deep.equal(['true answers', 'true fails']);
    });

    it2('serves many connections at once', async ({ time }, post) => {
      const server = await post('server');
      const clients: Post[] = [];
      for (let client = 0; client < 20; client++) clients.push(await post(`client${client}`));
      for (const [at, client] of clients.entries()) client.sendReliable(server, `${at}`);
      await until(time, () => server.words.length === 20);
      expect(server.words.map(Number).sort((x, y) => x - y)).to.deep.equal(clients.map((_, at) => at));
      expect(server.transport.describe()).to.deep.include({
        incoming: 20,
        reliable: { delivered: 20, duplicates: 0, sessions: 20 },
      });
    });
  });
}

function wait(time: TimeProvider, ms: number): Promise<void> {
  return new Promise((resolve) => void time.schedule(ms, resolve));
}

async function until(time: TimeProvider, holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000; turn++) {
    if (holds()) return;
    await wait(time, 5);
  }
  throw new Error('What the spec waits for did not happen.');
}

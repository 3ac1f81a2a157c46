import { expect } from 'chai';
import { Deferred } from '../../lib/concurrency/deferred';
import type { MoonpoolError } from '../../lib/errors/moonpool-error';
import type { NetworkAddress } from '../../lib/identity/network-address';
import type { Connection, NetworkProvider } from '../../lib/providers/network-provider';
import type { TimeProvider } from '../../lib/providers/time-provider';
import type { ContractWorld } from 'moonpool/contracts';

/** A network to be tested, with time to wait in and addresses to listen on. */
export interface NetworkSubject {
  readonly network: NetworkProvider;
  readonly time: TimeProvider;
  /** An address on which nobody listens. */
  address(): NetworkAddress;
}

/** Takes down what is said of a connection, and lets a test wait for it. */
class Recorder {
  readonly chunks: Uint8Array[] = [];
  readonly ended = new Deferred<void>();
  readonly closed = new Deferred<MoonpoolError | undefined>();
  closes = 0;
  drains = 0;
  private inCall = false;

  constructor(readonly connection: Connection) {
    connection.start({
      onData: (chunk) => this.outside(() => this.chunks.push(chunk)),
      onDrain: () => this.outside(() => this.drains++),
      onEnd: () => this.outside(() => this.ended.resolve()),
      onClose: (error) =>
        this.outside(() => {
          this.closes++;
          this.closed.resolve(error);
        }),
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** Calls a method of the connection, during which nobody may be called. */
  call(method: (connection: Connection) => void): void {
    this.inCall = true;
    method(this.connection);
    this.inCall = false;
  }

  private outside(act: () => void): void {
    expect(this.inCall, 'a callback ran within a call of the connection').to.equal(false);
    act();
  }
}

interface Pair {
  readonly near: Recorder;
  readonly far: Recorder;
  readonly address: NetworkAddress;
  close(): Promise<void>;
}

async function connected({ network, address }: NetworkSubject): Promise<Pair> {
  const accepted = new Deferred<Recorder>();
  const listener = await network.listen(address(), (connection) => accepted.resolve(new Recorder(connection)));
  const near = new Recorder(await network.connect(listener.address));
  return { near, far: await accepted.promise, address: listener.address, close: () => listener.close() };
}

/** Waits until the condition holds. */
async function until(time: TimeProvider, condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited++) {
    if (waited > 5_000) throw new Error('what was waited for did not happen');
    await time.sleep(1);
  }
}

const pattern = (length: number, factor: number) => Uint8Array.from({ length }, (_, index) => (index * factor) & 0xff);

/** What every network does. */
export function describeNetworkProviderContract(name: string, world: ContractWorld<NetworkSubject>): void {
  describe(`${name} keeps the contract of a network:`, () => {
    it('a mebibyte in odd pieces arrives whole and in order, both ways at once', () =>
      world.run(async (subject) => {
        const { near, far, close } = await connected(subject);
        const [there, back] = [pattern(1 << 20, 7), pattern(1 << 20, 13)];
        for (let at = 0, size = 1; at < there.length; at += size, size = (size * 3 + 1) % 70_001) {
          near.connection.write(there.slice(at, at + size));
          far.connection.write(back.slice(at, at + size));
          if (size === 0) size = 1;
        }
        await until(subject.time, () => far.bytes.length >= there.length && near.bytes.length >= back.length);
        expect(far.bytes.equals(there)).to.equal(true);
        expect(near.bytes.equals(back)).to.equal(true);
        near.call((connection) => connection.destroy());
        await close();
      }));

    it('a reader that pauses is felt by the writer, who learns when there is room again', () =>
      world.run(async (subject) => {
        const { near, far, close } = await connected(subject);
        far.call((connection) => connection.pause());
        const piece = pattern(64 * 1024, 3);
        let sent = 0;
        while (near.connection.write(piece.slice())) {
          sent++;
          if (sent > 2_000) throw new Error('the writer was never asked to wait');
        }
        await subject.time.sleep(20);
        expect(far.bytes.length).to.be.lessThan((sent + 1) * piece.length);
        far.call((connection) => connection.resume());
        await until(subject.time, () => near.drains > 0);
        await until(subject.time, () => far.bytes.length === (sent + 1) * piece.length);
        near.call((connection) => connection.destroy());
        await close();
      }));

    it('a side that has ended still receives what the other one sends', () =>
      world.run(async (subject) => {
        const { near, far, close } = await connected(subject);
        near.connection.write(Buffer.from('question'));
        near.call((connection) => connection.end());
        await far.ended.promise;
        expect(far.bytes.toString()).to.equal('question');
        far.connection.write(Buffer.from('answer'));
        far.call((connection) => connection.end());
        await near.ended.promise;
        expect(near.bytes.toString()).to.equal('answer');
        expect(await near.closed.promise).to.equal(undefined);
        expect(await far.closed.promise).to.equal(undefined);
        await close();
      }));

    it('a connection that is cut is over on both sides, told once each, and swallows what is written later', () =>
      world.run(async (subject) => {
        const { near, far, close } = await connected(subject);
        near.call((connection) => connection.destroy());
        await near.closed.promise;
        await Promise.race([far.closed.promise, far.ended.promise]);
        expect(near.connection.write(Buffer.from('too late'))).to.equal(false);
        near.connection.destroy();
        await subject.time.sleep(10);
        expect(near.closes).to.equal(1);
        far.connection.destroy();
        await close();
      }));

    it('an address on which nobody listens refuses', () =>
      world.run(async ({ network, address }) => {
        const listener = await network.listen(address(), () => undefined);
        await listener.close();
        const error = await network.connect(listener.address).then(
          () => undefined,
          (failure: unknown) => failure,
        );
        expect(error).to.have.property('code', 'CONNECTION_REFUSED');
      }));

    it('an address has one listener', () =>
      world.run(async ({ network, address }) => {
        const listener = await network.listen(address(), () => undefined);
        const error = await network
          .listen(listener.address, () => undefined)
          .then(
            () => undefined,
            (failure: unknown) => failure,
          );
        expect(error).to.have.property('code', 'ADDRESS_IN_USE');
        await listener.close();
      }));

    it('what arrives before the owner has begun to listen is kept', () =>
      world.run(async (subject) => {
        const accepted = new Deferred<Connection>();
        const listener = await subject.network.listen(subject.address(), (connection) => accepted.resolve(connection));
        const near = new Recorder(await subject.network.connect(listener.address));
        near.connection.write(Buffer.from('early'));
        const far = await accepted.promise;
        await subject.time.sleep(10);
        const late = new Recorder(far);
        await until(subject.time, () => late.bytes.length === 5);
        expect(late.bytes.toString()).to.equal('early');
        near.connection.destroy();
        await listener.close();
      }));
  });
}

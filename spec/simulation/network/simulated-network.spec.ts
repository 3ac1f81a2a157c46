import { expect } from 'chai';
import { parseAddress } from '../../../lib/identity/network-address';
import type { Connection } from '../../../lib/providers/network-provider';
import { bothWays } from '../../../lib/simulation/network/partitions/partition-rule';
import { ACCEPT_BACKLOG } from '../../../lib/simulation/network/simulated-listener';
import { errorOf } from '../engine/engine-fixture';
import { LEAST_SEND_BUFFER_BYTES } from '../../../lib/simulation/network/simulated-network';
import { ADDRESS_OF_B, connect, Ear, withTwoMachines } from './network-fixture';

describe('The simulated network', () => {
  it('takes its time: connecting, accepting and each delivery', () =>
    withTwoMachines(1, async (parts) => {
      const { near, far } = await connect(parts);
      const sentAt = parts.engine.now;
      near.say('hello');
      while (far.text === '') await parts.sleep(0.01);
      expect(parts.engine.now - sentAt).to.be.within(0.1, 0.65);
    }));

  it('shows an accepted connection under an ephemeral port of the caller', () =>
    withTwoMachines(1, async (parts) => {
      const { near, far } = await connect(parts);
      expect(near.connection.remoteAddress).to.equal('10.0.0.2:5000');
      const { host, port } = parseAddress(far.connection.remoteAddress) as { host: string; port: number };
      expect(host).to.equal('10.0.0.1');
      expect(port).to.be.within(40_000, 59_999);
    }));

  it('isolates the two sides: what a writer does to its buffer afterwards is not seen', () =>
    withTwoMachines(1, async (parts) => {
      const { near, far } = await connect(parts);
      const bytes = Buffer.from('before');
      near.connection.write(bytes);
      bytes.write('after!');
      await parts.sleep(5);
      expect(far.text).to.equal('before');
    }));

  it('delivers the end after the data, and closes in order when both have ended', () =>
    withTwoMachines(1, async (parts) => {
      const { near, far } = await connect(parts);
      far.connection.pause();
      near.say('last words');
      near.connection.end();
      await parts.sleep(20);
      expect(far.hasEnded).to.equal(false);
      far.connection.resume();
      await parts.sleep(20);
      expect([far.text, far.hasEnded]).to.deep.equal(['last words', true]);
      far.connection.end();
      expect(await near.closed.promise).to.equal(undefined);
      expect(await far.closed.promise).to.equal(undefined);
    }));

  it('lets one side go on talking when the other has ended', () =>
    withTwoMachines(1, async (parts) => {
      const { near, far } = await connect(parts);
      near.connection.end();
      await parts.sleep(20);
      expect([far.hasEnded, far.closes]).to.deep.equal([true, 0]);
      expect(near.say('too late')).to.equal(false);
      far.say('an answer to a question that was complete');
      far.connection.end();
      expect(await near.closed.promise).to.equal(undefined);
      expect([near.text, far.text]).to.deep.equal(['an answer to a question that was complete', '']);
    }));

  it('asks a writer to wait when its send buffer is full, and tells it when the reader has made room', () =>
    withTwoMachines(1, async (parts) => {
      const { near, far } = await connect(parts);
      far.connection.pause();
      expect(near.say('x'.repeat(LEAST_SEND_BUFFER_BYTES - 1))).to.equal(true);
      expect(near.say('x')).to.equal(false);
      await parts.sleep(1_000);
      expect([near.drains, far.text.length]).to.deep.equal([0, 0]);
      far.connection.resume();
      await parts.sleep(10);
      expect([near.drains, far.text.length]).to.deep.equal([1, LEAST_SEND_BUFFER_BYTES]);
    }));

  it('has a larger send buffer where more is on its way', () =>
    withTwoMachines(
      1,
      async (parts) => {
        const { near } = await connect(parts);
        expect(near.say('x'.repeat(50 * 25_000))).to.equal(true);
        expect(near.say('x'.repeat(50 * 25_000))).to.equal(false);
      },
      { pairLatency: { minMs: 60, maxMs: 60 } },
    ));

  it('refuses where nobody listens, and says that no machine has an unknown address', () =>
    withTwoMachines(1, async ({ network, a }) => {
      expect(await errorOf(network(a).connect(ADDRESS_OF_B))).to.have.property('code', 'CONNECTION_REFUSED');
      const unknown = await errorOf(network(a).connect(parseAddress('10.9.9.9:1')));
      expect(unknown).to.have.property('code', 'CONNECTION_FAILED');
      expect(unknown.message).to.contain('no machine has this address');
    }));

  it('does not let a machine listen under the address of another', () =>
    withTwoMachines(1, async ({ network, a }) => {
      const error = await errorOf(network(a).listen(ADDRESS_OF_B, () => undefined));
      expect(error.message).to.contain('a cannot listen on 10.0.0.2:5000');
    }));

  it('leaves callers without an answer while the backlog is full, and lets them in later', () =>
    withTwoMachines(
      1,
      async ({ network, a, b, engine }) => {
        let accepted = 0;
        await network(b).listen(ADDRESS_OF_B, () => accepted++);
        const calls = Array.from({ length: ACCEPT_BACKLOG + 5 }, () => network(a).connect(ADDRESS_OF_B));
        await Promise.all(calls);
        expect(engine.now).to.be.greaterThan(1_000);
        expect(accepted).to.be.at.least(ACCEPT_BACKLOG);
      },
      { connections: { bindMs: [0, 0], acceptMs: [500, 500], connectMs: [1, 1], connectLimitMs: 10_000 } },
    ));

  describe('under a partition', () => {
    it('stalls what is on its way, tells nobody, and delivers everything after the repair', () =>
      withTwoMachines(1, async (parts) => {
        const { near, far } = await connect(parts);
        const heal = parts.world.partitions.block(bothWays(['a'], ['b']));
        for (const piece of ['one ', 'two ', 'three']) near.say(piece);
        await parts.sleep(60_000);
        expect([far.text, near.closes, far.closes]).to.deep.equal(['', 0, 0]);
        heal();
        await parts.sleep(300);
        expect(far.text).to.equal('one two three');
      }));

    it('can block one direction alone', () =>
      withTwoMachines(1, async (parts) => {
        const { near, far } = await connect(parts);
        parts.world.partitions.block([{ from: 'a', to: 'b' }]);
        near.say('unheard');
        far.say('heard');
        await parts.sleep(10);
        expect([near.text, far.text]).to.deep.equal(['heard', '']);
      }));

    it('lasts until the last of two that overlap has ended', () =>
      withTwoMachines(1, async (parts) => {
        const { near, far } = await connect(parts);
        const [first, second] = [
          parts.world.partitions.block(bothWays(['a'], ['b'])),
          parts.world.partitions.block(bothWays(['a'], ['b'])),
        ];
        near.say('x');
        first();
        first();
        await parts.sleep(1_000);
        expect(far.text).to.equal('');
        second();
        await parts.sleep(1_000);
        expect(far.text).to.equal('x');
      }));

    it('lets a caller give up after its limit, and the late answer finds nobody', () =>
      withTwoMachines(1, async ({ network, a, b, world, engine, sleep }) => {
        const accepted: Ear[] = [];
        await network(b).listen(ADDRESS_OF_B, (connection) => accepted.push(new Ear(connection)));
        world.partitions.block([{ from: 'b', to: 'a' }]);
        const error = await errorOf(network(a).connect(ADDRESS_OF_B));
        expect(error.message).to.contain('no answer within 3000 ms');
        expect(engine.now).to.be.within(3_000, 3_100);
        world.partitions.healAll();
        await sleep(1_000);
        expect(accepted.map(({ closes }) => closes)).to.deep.equal([1]);
      }));
  });

  describe('when a process dies', () => {
    it('resets its connections while its machine lives on, and its address refuses', () =>
      withTwoMachines(1, async (parts) => {
        const { near } = await connect(parts);
        parts.b.kill('process');
        const error = await near.closed.promise;
        expect(error).to.have.property('code', 'CONNECTION_FAILED');
        expect(await errorOf(parts.network(parts.a).connect(ADDRESS_OF_B))).to.have.property(
          'code',
          'CONNECTION_REFUSED',
        );
      }));

    it('is silent when its machine lost its power: nobody is notified, and callers wait in vain', () =>
      withTwoMachines(1, async (parts) => {
        const { near } = await connect(parts);
        parts.b.kill('power');
        near.say('are you there?');
        await parts.sleep(60_000);
        expect(near.closes).to.equal(0);
        expect((await errorOf(parts.network(parts.a).connect(ADDRESS_OF_B))).message).to.contain('no answer within');
      }));

    it('resets a half-open connection once the machine runs again and is spoken to', () =>
      withTwoMachines(1, async (parts) => {
        const { near } = await connect(parts);
        parts.b.kill('power');
        await parts.sleep(1_000);
        parts.b.boot();
        await parts.sleep(1_000);
        expect(near.closes).to.equal(0);
        near.say('are you there?');
        expect(await near.closed.promise).to.have.property('code', 'CONNECTION_FAILED');
      }));

    it('keeps or loses what it had sent last, as the seed decides, but never a part out of the middle', async () => {
      const received = new Set<string>();
      for (let seed = 1; seed <= 20; seed++) {
        await withTwoMachines(seed, async (parts) => {
          const { near, far } = await connect(parts);
          for (let piece = 0; piece < 5; piece++) near.say(String(piece));
          parts.a.kill('process');
          await far.closed.promise;
          received.add(far.text);
        });
      }
      expect([...received].sort()).to.deep.equal(['', '01234']);
    });

    it('tells a dead process nothing, and does nothing for it', () =>
      withTwoMachines(1, async (parts) => {
        const { near, far } = await connect(parts);
        const network = parts.network(parts.b);
        parts.b.kill('power');
        await parts.sleep(1);
        near.say('to nobody');
        far.say('from nobody');
        far.connection.end();
        far.connection.destroy();
        let settled = false;
        const note = () => (settled = true);
        network.connect(ADDRESS_OF_B).then(note, note);
        network.listen(ADDRESS_OF_B, () => undefined).then(note, note);
        await parts.sleep(10_000);
        expect([far.text, far.closes, near.text, near.closes, settled]).to.deep.equal(['', 0, '', 0, false]);
        expect(parts.engine.staleCalls).to.equal(5);
      }));
  });

  it('says who waits for data when nothing is left to happen', async () => {
    const error = await errorOf(
      withTwoMachines(1, async (parts) => {
        const { near } = await connect(parts);
        await near.closed.promise;
      }),
    );
    expect(error).to.have.property('code', 'SIMULATION_DEADLOCK');
    expect(error.message).to.match(/a\.1 for data on 10\.0\.0\.1:\d+>10\.0\.0\.2:5000/);
    expect(error.message).to.match(/b\.1 for data/);
  });

  it('closes connections that wait to be accepted together with their listener', () =>
    withTwoMachines(1, async ({ network, a, b, sleep }) => {
      const accepted: Connection[] = [];
      const listener = await network(b).listen(ADDRESS_OF_B, (connection) => accepted.push(connection));
      const connecting = network(a).connect(ADDRESS_OF_B);
      while (b.parts.sockets.connections.size === 0) await sleep(0.05);
      await listener.close();
      const near = new Ear(await connecting);
      expect(await near.closed.promise).to.have.property('code', 'CONNECTION_FAILED');
      expect(accepted).to.have.length(0);
    }));
});

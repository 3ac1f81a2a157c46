import { expect } from 'chai';
import type { ActorDirectory, Registration } from '../../../../lib/directory/actor-directory';
import { MemoryDirectory } from '../../../../lib/directory/memory-directory';
import { ReceivedAnswers } from '../../../../lib/messaging/received-answers';
import { RemoteRequest } from '../../../../lib/messaging/remote-request';
import type { SimulatedCluster } from '../../../../lib/simulation/cluster/simulated-cluster';
import { SimulatedConnection } from '../../../../lib/simulation/network/simulated-connection';
import type { Segment } from '../../../../lib/simulation/network/pipe';
import { PACKET_HEADER_BYTES } from '../../../../lib/wire/packet';
import { onCluster, tryCluster, untilAnswered } from '../../cluster/cluster-fixture';
import { Ledger } from '../../cluster/ledger-fixture';

/** The methods that the deliberate bugs below stand in for; some are private. */
type Breakable = Record<string, (this: unknown, ...args: unknown[]) => unknown>;

const repairs: (() => void)[] = [];

/** Puts a bug in place of a method until the end of the test. */
function breakMethod(
  type: { readonly prototype: object },
  method: string,
  bug: (proper: () => unknown, args: readonly unknown[]) => unknown,
): void {
  const prototype = type.prototype as Breakable;
  const proper = prototype[method];
  if (proper === undefined) throw new Error(`There is no method ${method} to break.`);
  repairs.push(() => void (prototype[method] = proper));
  prototype[method] = function (...args) {
    return bug(() => proper.apply(this, args), args);
  };
}

async function work(cluster: SimulatedCluster): Promise<void> {
  for (let entry = 0; entry < 10; entry++) {
    await untilAnswered(cluster, () =>
      cluster
        .client()
        .actor(Ledger, `k${entry % 5}`)
        .append(entry),
    );
    await cluster.sleep(200);
  }
}

const failureOf = async (body = work): Promise<string> => String((await tryCluster(body)).error);

describe('Message conservation', () => {
  afterEach(() => repairs.splice(0).forEach((repair) => repair()));

  it('holds under every fault of the network', async () => {
    for (let seed = 1; seed <= 15; seed++) await onCluster(work, { seed, chaos: 'hostile' });
  });

  it('is broken by a node that drops an answer: its caller would wait for nothing', async () => {
    breakMethod(ReceivedAnswers, 'receive', () => undefined);
    expect(await failureOf()).to.match(/the answer to client1\.1:\d+ has arrived, and its caller still waits/);
  });

  it('is broken by a node that answers twice', async () => {
    breakMethod(RemoteRequest, 'send', (proper) => [proper(), proper()]);
    expect(await failureOf()).to.contain('which was not asked, or was answered before');
  });

  it('is broken by a stream that gives some of its bytes twice', async () => {
    breakMethod(SimulatedConnection, 'receive', (proper, [segment]) => {
      proper();
      if ((segment as Segment).bytes.length > 0) proper();
    });
    expect(await failureOf()).to.match(/\d+ bytes have arrived on the stream from .*, where \d+ were sent/);
  });

  it('is broken by a stream that ends in order and has not given all', async () => {
    breakMethod(SimulatedConnection, 'receive', (proper, [segment]) => {
      const { bytes } = segment as Segment;
      // Answers to heartbeats: some are of a side that ends the stream in order, when its node is shut down.
      const isAnswer =
        bytes.length === PACKET_HEADER_BYTES + 17 &&
        bytes[PACKET_HEADER_BYTES] === 3 &&
        Buffer.from(bytes).readDoubleLE(PACKET_HEADER_BYTES + 1) >= 0;
      return isAnswer ? undefined : proper();
    });
    const failure = await failureOf(async (cluster) => {
      await work(cluster);
      await cluster.sleep(2_000);
      for (const node of cluster.nodes) await cluster.shutdown(node);
      await cluster.sleep(3_000);
    });
    expect(failure).to.match(/ended in order after \d+ of \d+ bytes/);
  });
});

describe('A cluster whose directory forgets who is registered', () => {
  class Forgetful extends MemoryDirectory implements ActorDirectory {
    override async register(candidate: Registration): Promise<Registration> {
      return candidate;
    }
  }

  it('is found by directory agreement', async () => {
    const { error } = await tryCluster(
      async (cluster) => {
        const clients = [cluster.client(0), cluster.client(1), cluster.client(2)];
        await Promise.all(clients.map((client, entry) => client.actor(Ledger, 'shared').append(entry)));
      },
      { clients: 3, run: { store: { directory: new Forgetful() } } },
    );
    expect(String(error)).to.contain("The invariant 'directory agreement' does not hold: the directory answered");
  });
});

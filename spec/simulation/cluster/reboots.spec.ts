import { expect } from 'chai';
import { StorageDevice } from '../../../lib/providers/storage-device';
import type { SimulatedNode } from '../../../lib/simulation/world/simulated-node';
import { onCluster, untilAnswered } from './cluster-fixture';
import { Ledger } from './ledger-fixture';

/** The storage device of the node's present life, from its container. */
function deviceOf(node: SimulatedNode): StorageDevice {
  if (node.runtime === undefined) throw new Error('The node is down.');
  return node.runtime.service(StorageDevice);
}

async function writeDown(node: SimulatedNode, text: string): Promise<void> {
  const file = await deviceOf(node).open('notes');
  await file.write(0, Buffer.from(text));
  await file.sync();
}

async function readUp(node: SimulatedNode): Promise<string> {
  const file = await deviceOf(node).open('notes');
  return Buffer.from(await file.read(0, 100)).toString();
}

describe('A node that starts again', () => {
  it('has a container of its own and what its disk has kept, whether it ended in order or crashed', () =>
    onCluster(async (cluster) => {
      const node = cluster.nodes[0] as SimulatedNode;
      await writeDown(node, 'kept');
      const ends = [
        () => cluster.crash(node, 'process'),
        () => cluster.crash(node, 'power'),
        () => cluster.shutdown(node),
      ];
      for (const end of ends) {
        const before = node.runtime;
        await end();
        expect(node.isOn).to.equal(false);
        await cluster.restart(node);
        expect(node.runtime).to.not.equal(before);
        expect(await readUp(node)).to.equal('kept');
      }
    }));

  it('has lost what its disk lied about when the power went, and keeps what is written once the disk is honest again', () =>
    onCluster(async (cluster) => {
      const node = cluster.nodes[0] as SimulatedNode;
      node.lieAboutSync();
      await writeDown(node, 'lied');
      expect(await readUp(node)).to.equal('lied');
      await cluster.crash(node, 'power');
      await cluster.restart(node);
      expect(await readUp(node)).to.equal('');
      node.lieAboutSync(false);
      await writeDown(node, 'kept');
      await cluster.crash(node, 'power');
      await cluster.restart(node);
      expect(await readUp(node)).to.equal('kept');
    }));

  it('has an empty disk after a wipe, and serves all the same: the state of actors is in the store', () =>
    onCluster(async (cluster) => {
      const node = cluster.nodes[0] as SimulatedNode;
      await untilAnswered(cluster, () => cluster.client().actor(Ledger, 'a').append(1));
      await writeDown(node, 'gone');
      await cluster.wipe(node);
      await cluster.restart(node);
      expect(await readUp(node)).to.equal('');
      for (const other of cluster.nodes.slice(1)) await cluster.crash(other);
      expect(await untilAnswered(cluster, () => cluster.client().actor(Ledger, 'a').append(2))).to.equal(2);
    }));

  it('has ended for whoever shuts it down also when it dies on the way', () =>
    onCluster(async (cluster) => {
      const node = cluster.nodes[0] as SimulatedNode;
      const shutdown = cluster.shutdown(node);
      await cluster.crash(node, 'power');
      await shutdown;
      expect(node.isOn).to.equal(false);
      await cluster.restart(node);
      expect(node.isOn).to.equal(true);
    }));

  it('has been taken out by chance in order, by a crash, with its disk or at a call, and its cluster goes on', async () => {
    const names = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      const { faults } = await onCluster(
        async (cluster) => {
          cluster.onEvent(({ name, fields }) =>
            names.add(name === 'terminated' ? `ended: ${String(fields['reason'])}` : name),
          );
          for (let entry = 0; entry < 12; entry++) {
            await untilAnswered(cluster, () =>
              cluster
                .client()
                .actor(Ledger, `k${entry % 4}`)
                .append(entry),
            );
            await cluster.sleep(800);
          }
          await cluster.quiesce();
          for (let key = 0; key < 4; key++) {
            const entries = await untilAnswered(cluster, () => cluster.client().actor(Ledger, `k${key}`).entries());
            expect(entries).to.deep.equal([key, key + 4, key + 8]);
          }
        },
        { seed, chaos: 'hostile' },
      );
      for (const site of faults.keys()) names.add(site);
    }
    expect(names).to.include('attrition').and.include('call-crash').and.include('wipe').and.include('ended: shutdown');
  });
});

import { expect } from 'chai';
import { Membership } from '../../../lib/cluster/membership';
import { MemoryStorage } from '../../../lib/storage/memory-storage';
import type { StateCommit, CommitOutcome } from '../../../lib/storage/state-commit';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import type { SimulatedNode } from '../../../lib/simulation/world/simulated-node';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';
import { onCluster, tryCluster, untilAnswered } from './cluster-fixture';
import { Ledger } from './ledger-fixture';

/** Takes down the events of a run. */
function recorder(): {
  events: TimelineEvent[];
  run: { onEvent: (event: TimelineEvent) => void };
  named(name: string): TimelineEvent[];
} {
  const events: TimelineEvent[] = [];
  return {
    events,
    run: { onEvent: (event) => events.push(event) },
    named: (name) => events.filter((event) => event.name === name),
  };
}

function nodeNamed(cluster: SimulatedCluster, name: string | undefined): SimulatedNode {
  const node = cluster.nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new Error(`There is no node ${name}.`);
  return node;
}

describe('A simulated cluster', () => {
  it('runs the same actors as a real one, over the same messages', async () => {
    const { named, run } = recorder();
    const result = await onCluster(
      async (cluster) => {
        const keys = Array.from({ length: 20 }, (_, index) => `key${index}`);
        await Promise.all(keys.map((key) => cluster.client().actor(Ledger, key).append(1)));
        for (const key of keys) expect(await cluster.client().actor(Ledger, key).entries()).to.deep.equal([1]);
      },
      { run },
    );
    expect(new Set(named('activate').map(({ node }) => node)).size).to.equal(3);
    expect(result.virtualMs).to.be.within(50, 5_000);
  });

  it('activates an actor elsewhere, with a newer epoch and nothing lost, when its node has died', async () => {
    const { named, run } = recorder();
    await onCluster(
      async (cluster) => {
        const ledger = cluster.client().actor(Ledger, 'alice');
        await ledger.append(1);
        await cluster.crash(nodeNamed(cluster, named('activate')[0]?.node), 'power');
        await untilAnswered(cluster, () => ledger.append(2));
        expect(await ledger.entries()).to.deep.equal([1, 2]);
      },
      { run },
    );
    const [before, after] = named('activate');
    expect(after?.node).to.not.equal(before?.node);
    expect([before?.fields['epoch'], after?.fields['epoch']]).to.deep.equal([1, 2]);
  });

  it('restarts a node under its name with a greater incarnation', () =>
    onCluster(async (cluster) => {
      const [node] = cluster.nodes as [SimulatedNode];
      const before = node.runtime?.node;
      await cluster.crash(node);
      expect(node.isOn).to.equal(false);
      expect(cluster.runningNodes).to.deep.equal(['node2', 'node3']);
      await cluster.restart(node);
      expect(node.runtime?.node.name).to.equal('node1');
      expect(node.runtime?.node.incarnation).to.be.greaterThan(before?.incarnation ?? Number.NaN);
    }));

  it('never settles what a dead node was doing', () =>
    onCluster(async (cluster) => {
      const [node] = cluster.nodes as [SimulatedNode];
      let settled = false;
      const note = () => (settled = true);
      node.runtime?.actor(Ledger, 'alice').append(1).then(note, note);
      await cluster.crash(node);
      await cluster.sleep(60_000);
      expect(settled).to.equal(false);
    }));

  it('has a supervisor that starts a node again which fenced itself, cut off from the store', async () => {
    const { named, run } = recorder();
    await onCluster(
      async (cluster) => {
        const [node] = cluster.nodes as [SimulatedNode];
        cluster.isolate(node);
        await cluster.sleep(5_000);
        expect(named('lease-lost').map((event) => event.node)).to.include('node1');
        cluster.heal();
        await cluster.quiesce();
        expect(node.runtime?.node.incarnation).to.be.greaterThan(3);
      },
      { run, leaseTtlMs: 3_000 },
    );
    expect(named('terminated').map(({ node, fields }) => [node, fields['reason']])).to.deep.equal([
      ['node1', 'fenced'],
    ]);
  });

  it('lets calls hang over a partition between nodes, and answers them when it heals', () =>
    onCluster(async (cluster) => {
      const [one, two] = cluster.nodes as [SimulatedNode, SimulatedNode];
      const keys = Array.from({ length: 12 }, (_, index) => `key${index}`);
      const ledgers = keys.map((key) => one.runtime?.actor(Ledger, key));
      await Promise.all(ledgers.map((ledger) => ledger?.append(1)));
      cluster.partition(one, two);
      let open = keys.length;
      const second = ledgers.map((ledger) => ledger?.append(2).finally(() => open--));
      await cluster.sleep(1_000);
      expect(open).to.be.within(1, keys.length - 1);
      cluster.heal();
      await Promise.all(second);
    }));

  it('tells a caller whose connection was cut that the call may have been executed', async () => {
    const { named, run } = recorder();
    await onCluster(
      async (cluster) => {
        const [one, two] = cluster.nodes as [SimulatedNode, SimulatedNode];
        for (let key = 0; !named('activate').some(({ node }) => node === 'node2'); key++)
          await one.runtime?.actor(Ledger, `key${key}`).append(1);
        const path = String(named('activate').find(({ node }) => node === 'node2')?.fields['actor']);
        const outcome = one.runtime
          ?.actor(Ledger, path.split('/')[2] as string)
          .hang()
          .then(
            () => undefined,
            (error: unknown) => error,
          );
        await cluster.sleep(50);
        expect(await cluster.cut(one, two)).to.be.greaterThan(0);
        expect(await outcome).to.include({ code: 'CONNECTION_LOST', executed: 'maybe' });
      },
      { run },
    );
  });

  it('comes to rest: faults end, all nodes run and are members, and every actor answers', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      await onCluster(
        async (cluster) => {
          await cluster.sleep(5_000);
          await cluster.quiesce();
          expect(cluster.runningNodes).to.deep.equal(['node1', 'node2', 'node3']);
          await untilAnswered(cluster, () => cluster.client().actor(Ledger, 'alice').append(seed));
          for (const node of cluster.nodes)
            expect(node.runtime?.service(Membership).view.members.length).to.be.at.least(3);
        },
        { seed, chaos: 'hostile' },
      );
    }
  });

  it('brings crashes, partitions and a bad store upon a hostile run, and says how often', async () => {
    const sites = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const { faults } = await onCluster(
        async (cluster) => {
          for (let entry = 0; entry < 30; entry++) {
            await untilAnswered(cluster, () =>
              cluster
                .client()
                .actor(Ledger, `k${entry % 4}`)
                .append(entry),
            );
            await cluster.sleep(300);
          }
        },
        { seed, chaos: 'hostile' },
      );
      for (const site of faults.keys()) sites.add(site);
    }
    expect([...sites].sort()).to.include.members([
      'attrition',
      'clog-read',
      'clog-write',
      'partition',
      'temporary-cut',
      'store-answer-lost',
      'store-slow',
      'store-unavailable',
    ]);
  });

  it('leaves a fault out when it is suppressed by its name', async () => {
    const body = (cluster: SimulatedCluster) => cluster.sleep(30_000);
    const { events, run } = recorder();
    let seed = 0;
    while (!events.some(({ name }) => name === 'death')) await onCluster(body, { seed: ++seed, chaos: 'hostile', run });
    const names = events
      .filter(({ name, fields }) => name === 'fault' && String(fields['name']).startsWith('attrition'))
      .map(({ fields }) => String(fields['name']));
    const peaceful = recorder();
    await onCluster(body, { seed, chaos: 'hostile', recipe: { suppressed: names }, run: peaceful.run });
    expect(peaceful.named('death').length).to.be.lessThan(events.filter(({ name }) => name === 'death').length);
  });

  it('says which turns and calls hang when a test does not come to its end', async () => {
    const { error } = await tryCluster(
      async (cluster) => {
        const ledger = cluster.client().actor(Ledger, 'alice');
        await ledger.append(1);
        await ledger.$with({ timeoutMs: 10_000_000 }).hang();
      },
      { virtualLimitMs: 60_000 },
    );
    expect(error).to.have.property('code', 'SIMULATION_BUDGET_EXCEEDED');
    const { message } = error as Error;
    expect(message).to.match(/client1 for the answer of hang of simulation\/Ledger\/alice, called at 0\.\d+s/);
    expect(message).to.match(/simulation\/Ledger\/alice on node\d in its turn hang, begun at/);
  });

  it('says what is wrong when a client is asked for that was not connected', async () => {
    const { error } = await tryCluster(async (cluster) => void cluster.client(7));
    expect(error).to.have.property('code', 'INVALID_OPTION');
  });

  it('refuses what is no node where the life of one is meant, where it is called', async () => {
    const { error } = await tryCluster(async (cluster) => {
      for (const wrong of ['node1', undefined, [cluster.nodes[0]], cluster.host('h')] as never[])
        for (const verb of ['restart', 'shutdown', 'wipe', 'resume', 'crash'] as const)
          expect(() => cluster[verb](wrong)).to.throw(
            `INVALID_OPTION: The option node of cluster.${verb} must be a node`,
          );
    });
    expect(error).to.equal(undefined);
  });

  it('notices a store that accepts a stale epoch', async () => {
    class ForgetfulStorage extends MemoryStorage {
      override async commit(write: StateCommit): Promise<CommitOutcome> {
        const present = await this.read(write.actor);
        return super.commit({ ...write, epoch: present?.epoch ?? 0, version: present?.version ?? 0 });
      }
    }
    let found: unknown;
    for (let seed = 1; seed <= 60 && found === undefined; seed++) {
      const { error } = await tryCluster(
        async (cluster) => {
          for (let entry = 0; entry < 20; entry++) {
            await untilAnswered(cluster, () =>
              cluster
                .client()
                .actor(Ledger, `k${entry % 3}`)
                .append(entry),
            );
            await cluster.sleep(200);
          }
        },
        { seed, chaos: 'hostile', run: { store: { storage: new ForgetfulStorage(() => 0) } } },
      );
      found = error;
    }
    expect(String(found)).to.contain("The invariant 'no stale write' does not hold");
  });
});

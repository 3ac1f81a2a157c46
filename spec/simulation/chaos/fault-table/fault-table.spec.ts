import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CALM_PROFILE } from '../../../../lib/simulation/chaos/profile/chaos-profile';
import {
  describeFault,
  FAULT_TABLE,
  formatFaultRow,
  formatEvent,
} from '../../../../lib/simulation/chaos/fault-table/fault-table';
import type { TimelineEvent } from '../../../../lib/simulation/timeline/timeline';
import { PARTITION_SHAPES } from '../../../../lib/simulation/network/partitions/partition-shape';
import { ROOT } from '../../../house/source-file';
import { onCluster, untilAnswered } from '../../cluster/cluster-fixture';
import { Ledger } from '../../cluster/ledger-fixture';

const PAGE = 'docs/fault-injection.md';

/** The rows of the tables in one section of the page. */
function rowsOf(heading: string): readonly string[] {
  const sections = readFileSync(join(ROOT, PAGE), 'utf8').split('\n## ');
  const section = sections.find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return section.split('\n').filter((line) => line.startsWith('| `'));
}

describe('The table of faults', () => {
  it('has a page that says what each shape of a partition blocks', () => {
    expect(rowsOf('Verbs').map((row) => row.split('`')[1])).to.deep.equal(PARTITION_SHAPES);
  });

  it('stands on the page as it stands in the code', () => {
    const onPage = rowsOf('Table of faults');
    expect(onPage, `Copy the rows of lib/simulation/chaos to ${PAGE}, in their order.`).to.deep.equal(
      FAULT_TABLE.map(formatFaultRow),
    );
  });

  it('names each fault once', () => {
    const names = FAULT_TABLE.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('has a row for every family of a profile', () => {
    const families = new Set<string>(FAULT_TABLE.map(({ family }) => family));
    expect([...families].sort()).to.deep.equal(Object.keys(CALM_PROFILE).sort());
  });

  it('has a row for every fault that strikes in hostile runs, and tells each as a sentence that says whom it hits', async () => {
    const names = new Set(FAULT_TABLE.map(({ name }) => name));
    for (let seed = 1; seed <= 20; seed++) {
      const events: TimelineEvent[] = [];
      const { faults } = await onCluster(
        async (cluster) => {
          for (let entry = 0; entry < 10; entry++) {
            await untilAnswered(cluster, () =>
              cluster
                .client()
                .actor(Ledger, `k${entry % 4}`)
                .append(entry),
            );
            await cluster.sleep(500);
          }
        },
        { seed, chaos: 'hostile', run: { onEvent: (event) => events.push(event) } },
      );
      for (const site of faults.keys()) expect(names, `seed ${seed}`).to.include(site);
      for (const event of events.filter(({ name }) => name === 'fault')) {
        const [, sentence = ''] = formatEvent(event).split(/#\d+: /);
        expect(sentence, `seed ${seed}: ${formatEvent(event)}`).to.match(/\b(node|client)\d/);
        expect(sentence).to.not.match(/undefined|NaN|object/);
      }
    }
  });

  it('tells of a fault that is known by its name alone what the name says', () => {
    expect(describeFault('store-answer-lost node1/write #16')).to.equal(
      'the store does the write of node1, and its answer is lost',
    );
    expect(describeFault('clog-write node1>node2 #7', { forMs: 1234.5 })).to.equal(
      'what node1 sends to node2 waits for 1,235 ms before it leaves',
    );
    expect(describeFault('attrition #1')).to.equal('a node goes and is back after a while');
    expect(describeFault('attrition #1', { node: 'node2', how: 'crashes', forMs: 3_211 })).to.equal(
      'node2 crashes and is back after 3,211 ms',
    );
    expect(describeFault('buggify write-repeated node1 #3')).to.equal(
      "the code of node1 does the rare thing at its site 'write-repeated'",
    );
    expect(describeFault('an unknown fault #1')).to.equal(undefined);
  });

  it('has words for every fault that strikes somebody: figures that are always there strike nobody', () => {
    const silent = FAULT_TABLE.filter(({ says }) => says === undefined).map(({ name }) => name);
    expect(silent).to.deep.equal([
      'latency',
      'bind',
      'accept',
      'connect',
      'pair-latency',
      'locality-latency',
      'device-latency',
      'device-capacity',
      'clock',
      'slow-sleep',
      'store-latency',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CALM_PROFILE } from '../../../lib/simulation/chaos/chaos-profile';
import { FAULT_TABLE, formatFaultRow } from '../../../lib/simulation/chaos/fault-table';
import { PARTITION_SHAPES } from '../../../lib/simulation/network/partition-shape';
import { ROOT } from '../../house/source-file';
import { onCluster, untilAnswered } from '../cluster/cluster-fixture';
import { Ledger } from '../cluster/ledger-fixture';

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
    const onPage = rowsOf('The table');
    expect(onPage, `Copy the rows of lib/simulation/chaos to ${PAGE}, in their order.`).to.deep.equal(FAULT_TABLE.map(formatFaultRow));
  });

  it('names each fault once', () => {
    const names = FAULT_TABLE.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('has a row for every family of a profile', () => {
    const families = new Set<string>(FAULT_TABLE.map(({ family }) => family));
    expect([...families].sort()).to.deep.equal(Object.keys(CALM_PROFILE).sort());
  });

  it('has a row for every fault that strikes in hostile runs', async () => {
    const names = new Set(FAULT_TABLE.map(({ name }) => name));
    for (let seed = 1; seed <= 20; seed++) {
      const { faults } = await onCluster(
        async (cluster) => {
          for (let entry = 0; entry < 10; entry++) {
            await untilAnswered(cluster, () => cluster.client().actor(Ledger, `k${entry % 4}`).append(entry));
            await cluster.sleep(500);
          }
        },
        { seed, chaos: 'hostile' },
      );
      for (const site of faults.keys()) expect(names, `seed ${seed}`).to.include(site);
    }
  });
});

import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRIC_CATALOGUE } from '../../lib/observability/metric-catalogue';

const PAGE = join(__dirname, '..', '..', '..', 'docs', 'metrics.md');

describe('The catalogue of metrics', () => {
  it('says the same as docs/metrics.md, of every metric', () => {
    const described = readFileSync(PAGE, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `moonpool.'));
    const defined = METRIC_CATALOGUE.map((definition) => {
      const kind = definition.kind === 'labelled-counter' ? `counter by \`${definition.label}\`` : definition.kind;
      return `| \`${definition.name}\` | ${kind} | \`${definition.unit}\` | ${definition.help} |`;
    });
    expect(described).to.have.members(defined);
  });

  it('has one definition for each name, in lower case with dots', () => {
    const names = METRIC_CATALOGUE.map(({ name }) => name);
    expect(new Set(names)).to.have.lengthOf(names.length);
    for (const name of names) expect(name).to.match(/^moonpool(\.[a-z][a-z_]*)+$/);
  });
});

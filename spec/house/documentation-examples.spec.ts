import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileExamples, examplesOf } from './documentation-examples';

const ROOT = join(__dirname, '..', '..', '..');
const PAGES = [
  'docs/actors.md',
  'docs/clustering.md',
  'docs/deployment.md',
  'docs/engines.md',
  'docs/metrics.md',
  'docs/modules.md',
  'docs/operations.md',
  'docs/payloads.md',
  'docs/placement.md',
  'docs/reminders.md',
  'docs/rolling-upgrades.md',
];

describe('The examples of the documentation', function () {
  this.timeout(60_000);
  const examples = PAGES.flatMap((page) => examplesOf(page, readFileSync(join(ROOT, page), 'utf8')));
  let files: readonly string[];
  before(async () => {
    files = await compileExamples(ROOT, examples);
  });

  it('are found', () => {
    expect(examples.length).to.be.greaterThan(10);
    expect(examplesOf('p', '# A\n```sh\nls\n```\n## B\n```ts\nlet a = 1;\n```\n')).to.deep.equal([
      { title: 'p: B', code: 'let a = 1;' },
    ]);
  });

  for (const [index, { title }] of examples.entries()) {
    it(`run, number ${index + 1} of ${title}`, async () => {
      // oxlint-disable-next-line typescript/no-require-imports -- the file does not exist before the spec has compiled it
      const { run } = require(files[index] ?? '') as { run(): Promise<void> };
      await run();
    });
  }
});

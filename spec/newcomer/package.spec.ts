import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newcomer } from './newcomer';

describe('The package', () => {
  const installed = join(newcomer.bank, 'node_modules', 'moonpool');
  before(() => newcomer.prepare());

  it('has source maps that hold their sources', () => {
    const maps = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.map'),
    );
    expect(maps.length).to.be.greaterThan(100);
    const lost = maps.filter((name) => {
      const { sources, sourcesContent = [] } = JSON.parse(readFileSync(join(installed, 'dist', name), 'utf8')) as {
        sources: string[];
        sourcesContent?: (string | null)[];
      };
      return sources.some(
        (source, index) =>
          typeof sourcesContent[index] !== 'string' && !existsSync(join(installed, 'dist', dirname(name), source)),
      );
    });
    expect(lost).to.deep.equal([]);
  });

  it('holds nothing of specs, samples and benches', () => {
    expect(
      readdirSync(join(installed, 'dist')).filter((name) =>
        ['spec', 'samples', 'bench', 'documentation'].includes(name),
      ),
    ).to.deep.equal([]);
  });

  it('is what the linters of packages want, with types for every way of resolving modules', async () => {
    await newcomer.succeed('npm install --save-dev publint@0.3 @arethetypeswrong/cli@0.18');
    expect(await newcomer.succeed('npx publint run ../moonpool/moonpool-0.2.0-dev.tgz --strict')).to.contain(
      'All good!',
    );
    expect(await newcomer.succeed('npx attw ../moonpool/moonpool-0.2.0-dev.tgz --format ascii --no-emoji')).to.contain(
      'No problems found',
    );
  });

  it('can be imported by name from a module', async () => {
    newcomer.write(
      'module.mjs',
      `import { Actor, ActorRuntime, sqlite } from 'moonpool';
import { describeSimulation } from 'moonpool/simulation';
import { FlowTransport } from 'moonpool/rpc';
process.stdout.write([Actor, ActorRuntime.start, sqlite, describeSimulation, FlowTransport].map((value) => typeof value).join(' '));
`,
    );
    expect(await newcomer.succeed('node module.mjs')).to.equal('function function function function function');
  });
});

import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { registerTypeScript } from '../../../lib/simulation/farm/typescript-loader';

describe('A loader of TypeScript', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-'));
  const loaded = globalThis as unknown as { loaded?: string };
  const load = createRequire(__filename);
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => Reflect.deleteProperty(loaded, 'loaded'));

  /** A project that has the packages installed; each only says that it was loaded. */
  function project(name: string, ...packages: string[]): string {
    for (const file of packages) {
      const path = join(folder, name, 'node_modules', file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `globalThis.loaded = '${file}';`);
    }
    return join(folder, name, 'simulation.ts');
  }

  it('is the tsx of the project', () => {
    registerTypeScript(project('with-tsx', 'tsx/cjs.js'));
    expect(loaded.loaded).to.equal('tsx/cjs.js');
  });

  it('is swc where both are installed, for it emits what handlers take', () => {
    registerTypeScript(project('with-both', 'tsx/cjs.js', '@swc-node/register/index.js'));
    expect(loaded.loaded).to.equal('@swc-node/register/index.js');
  });

  it('is the one that is registered already', () => {
    // oxlint-disable-next-line typescript/no-deprecated -- there is no other place where loaders of CommonJS stand
    const { extensions } = load;
    const before = extensions['.ts'];
    extensions['.ts'] = () => undefined;
    try {
      const { typescript } = process.features as { readonly typescript?: string | false };
      const isStripping = typescript !== undefined && typescript !== false;
      registerTypeScript(project('with-another', 'tsx/cjs.js'));
      expect(loaded.loaded).to.equal(isStripping ? 'tsx/cjs.js' : undefined);
    } finally {
      if (before === undefined) Reflect.deleteProperty(extensions, '.ts');
      else extensions['.ts'] = before;
    }
  });

  it('is asked for by name when there is none', () => {
    expect(() => registerTypeScript(project('bare'))).to.throw(
      /MISSING_PACKAGE: .*simulation\.ts is TypeScript with decorators.*npm install --save-dev tsx/,
    );
  });
});

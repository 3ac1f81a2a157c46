import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { companionFile, LIBRARY_VERSION } from '../../../lib/providers/node/companion-file';

const PLACE = 'lib/engines/sqlite/sqlite-thread.js';

describe('A file of the library that is run on its own', () => {
  const root = mkdtempSync(join(tmpdir(), 'moonpool-'));
  after(() => rmSync(root, { recursive: true, force: true }));

  /** A folder with a bundle, beside which a version of the package is installed. */
  function bundled(name: string, version?: string): string {
    const folder = join(root, name);
    mkdirSync(folder, { recursive: true });
    if (version !== undefined) {
      write(join(folder, 'node_modules', 'moonpool', 'package.json'), JSON.stringify({ name: 'moonpool', version }));
      write(join(folder, 'node_modules', 'moonpool', 'dist', PLACE), '');
    }
    return folder;
  }

  function write(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  it('stands beside who asks, where nothing is bundled', () => {
    const folder = resolve(__dirname, '..', '..', '..', 'lib', 'engines', 'sqlite');
    expect(companionFile(folder, PLACE)).to.equal(join(folder, 'sqlite-thread.js'));
  });

  it('stands beside a bundle when an entry of the bundler has put it there', () => {
    const folder = bundled('with-entry', LIBRARY_VERSION);
    writeFileSync(join(folder, 'sqlite-thread.js'), '');
    expect(companionFile(folder, PLACE)).to.equal(join(folder, 'sqlite-thread.js'));
  });

  it('is taken from the package that is installed beside a bundle', () => {
    const folder = bundled('installed', LIBRARY_VERSION);
    expect(companionFile(folder, PLACE)).to.equal(join(folder, 'node_modules', 'moonpool', 'dist', PLACE));
  });

  it('is not taken from another version, and the error says what to tell the bundler', () => {
    for (const folder of [bundled('other', '0.0.1'), bundled('bare')]) {
      expect(() => companionFile(folder, PLACE, folder)).to.throw(
        /BUNDLED_FILE_MISSING: The file sqlite-thread\.js.*a bundler has left it out\. Mark moonpool as external.*node_modules\/moonpool\/dist\/lib\/engines\/sqlite\/sqlite-thread\.js as one more entry/,
      );
    }
  });

  it('belongs to the version that package.json names', () => {
    const { version } = JSON.parse(
      readFileSync(resolve(__dirname, '..', '..', '..', '..', 'package.json'), 'utf8'),
    ) as { version: string };
    expect(LIBRARY_VERSION).to.equal(version);
  });
});

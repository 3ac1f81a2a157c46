import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSimulations } from '../../../lib/simulation/farm/simulation-file';

describe('A file with simulations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('is refused when it is absent, in TypeScript without a loader, broken, written for one test runner alone, or declares none', () => {
    const refused = (file: string) => expect(() => loadSimulations(file));
    refused(join(folder, 'absent.js')).to.throw(/INVALID_OPTION: The file .*absent\.js does not exist/);
    refused(write('source.ts', '')).to.throw(
      /MISSING_PACKAGE: .*is TypeScript.*install --save-dev tsx.*compile the project/,
    );
    refused(write('broken.js', 'throw new Error("oh");')).to.throw(/cannot be loaded: oh/);
    refused(write('mocha.js', 'throw new ReferenceError("describe is not defined")')).to.throw(
      /Put the simulation class into a file of its own/,
    );
    refused(
      write('vitest.js', 'throw new Error("Vitest cannot be imported in a CommonJS module using require()")'),
    ).to.throw(/Put the simulation class into a file of its own/);
    refused(write('empty.js', '')).to.throw(/declares no class with a method marked @SimulationTest/);
  });
});

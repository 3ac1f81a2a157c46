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

  it('is refused when it is absent, not compiled, broken, written for mocha alone, or declares none', () => {
    const refused = (file: string) => expect(() => loadSimulations(file));
    refused(join(folder, 'absent.js')).to.throw(/INVALID_OPTION: The file .*absent\.js does not exist/);
    refused(write('source.ts', '')).to.throw(/is TypeScript.*Compile the project/);
    refused(write('broken.js', 'throw new Error("oh");')).to.throw(/cannot be loaded: oh/);
    refused(write('mocha.js', 'throw new ReferenceError("describe is not defined")')).to.throw(/Put the simulation class into a file of its own/);
    refused(write('empty.js', '')).to.throw(/declares no class with a method marked @SimulationTest/);
  });
});

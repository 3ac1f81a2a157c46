import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { MoonpoolError } from '../../errors/moonpool-error';

/** The version of this code, which a bundle carries without its package.json; a spec compares the two. */
export const LIBRARY_VERSION = '0.2.0-dev';

/**
 * A compiled file of this library that is run on its own, as a thread or a process. Bundlers do not see that it belongs to
 * the program, and leave it out. Then it is looked for beside the bundle, where an entry of the bundler's own may have put
 * it, and in the package that is installed where the program runs, if that has the same version.
 * @param folder the `__dirname` of who asks. @param place the file's place in the package, such as `lib/cli/main.js`.
 * @param program the folder in which the program was started.
 * @throws MoonpoolError BUNDLED_FILE_MISSING with what to tell the bundler.
 */
export function companionFile(folder: string, place: string, program = process.cwd()): string {
  const beside = join(folder, basename(place));
  if (existsSync(beside)) return beside;
  const installed = [join(folder, 'bundle.js'), join(program, 'program.js')]
    .map((from) => installedFile(from, place))
    .find((file) => file !== undefined);
  if (installed !== undefined) return installed;
  const name = basename(place, '.js');
  throw new MoonpoolError('BUNDLED_FILE_MISSING', {
    message: `The file ${basename(place)}, which Moonpool runs on its own, is neither in ${folder} nor in a package moonpool ${LIBRARY_VERSION} that is installed there: a bundler has left it out`,
    remedy: `Mark moonpool as external to the bundler and install it beside the bundle; or give the bundler node_modules/moonpool/dist/${place} as one more entry, so that ${name}.js stands beside the bundle.`,
  });
}

/** The file in the package that a program at this place finds; undefined when there is none, or another version. */
function installedFile(from: string, place: string): string | undefined {
  try {
    const manifest = createRequire(from).resolve('moonpool/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: string };
    const file = join(dirname(manifest), 'dist', place);
    return version === LIBRARY_VERSION && existsSync(file) ? file : undefined;
  } catch {
    // No such package is installed there.
    return undefined;
  }
}

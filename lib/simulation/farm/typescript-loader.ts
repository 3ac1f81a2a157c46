import { createRequire } from 'node:module';
import { MoonpoolError } from '../../errors/moonpool-error';

/**
 * What compiles TypeScript while it is loaded, the better one first: swc emits the decorator metadata that say what
 * handlers take, esbuild in tsx does not.
 */
const LOADERS = ['@swc-node/register', 'tsx/cjs'] as const;

/**
 * Makes `require` of this thread take a TypeScript file, with the loader that the project of the file has installed. A
 * loader that somebody has registered already is left in its place.
 * @throws MoonpoolError MISSING_PACKAGE when there is none.
 */
export function registerTypeScript(file: string): void {
  const load = createRequire(file);
  if (hasLoader(load)) return;
  const loader = LOADERS.find((name) => isInstalled(load, name));
  if (loader !== undefined) load(loader);
  else {
    throw new MoonpoolError('MISSING_PACKAGE', {
      message: `${file} is TypeScript with decorators, and nothing is installed that compiles it while it is loaded; type stripping of Node.js does not know decorators`,
      remedy:
        'Run `npm install --save-dev tsx` (or @swc-node/register), or compile the project and name the compiled file, for example dist/my-simulation.js.',
    });
  }
}

/** Node.js takes TypeScript by itself from some version on, but only strips types: that is no loader for decorators. */
function hasLoader(load: NodeJS.Require): boolean {
  const { typescript } = process.features as { readonly typescript?: string | false };
  const isStripping = typescript !== undefined && typescript !== false;
  // oxlint-disable-next-line typescript/no-deprecated -- there is no other place where loaders of CommonJS stand
  return !isStripping && load.extensions['.ts'] !== undefined;
}

function isInstalled(load: NodeJS.Require, name: string): boolean {
  try {
    load.resolve(name);
    return true;
  } catch {
    return false;
  }
}

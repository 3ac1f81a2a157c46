import { sep } from 'node:path';

/** All that is not of these is loaded once however often it is asked for, so that what it holds is the same for all. */
const OF_SPECS = [`${sep}dist${sep}spec${sep}`, `${sep}dist${sep}samples${sep}`];

/**
 * Loads simulations of other specs, which run them: mocha is not told of them a second time. They are loaded for the caller alone, so that
 * their own specs find them new in whatever order the files come.
 */
export function unlisted<T>(load: () => T): T {
  const globals = globalThis as { before?: unknown };
  const known = new Set(Object.keys(require.cache));
  const { before } = globals;
  // By this hook mocha is known to be there.
  globals.before = undefined;
  try {
    return load();
  } finally {
    globals.before = before;
    for (const file of Object.keys(require.cache))
      if (!known.has(file) && OF_SPECS.some((folder) => file.includes(folder))) delete require.cache[file];
  }
}

import { sep } from 'node:path';

/** Loaded once however often they are asked for, so that what they hold is the same for all: everything but specs. */
const OF_SPECS = `${sep}dist${sep}spec${sep}`;

/**
 * Loads simulations of other specs, which run them: mocha is not told of them a second time. They are loaded for the caller alone, so that
 * their own specs find them new in whatever order the files come. Simulations of samples are none for this: they are loaded once, and their own specs would miss them.
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
      if (!known.has(file) && file.includes(OF_SPECS)) delete require.cache[file];
  }
}

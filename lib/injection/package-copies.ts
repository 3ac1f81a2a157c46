/** On the global object, for two copies of a package see nothing else of each other. */
const COPIES: unique symbol = Symbol.for('moonpool:copies') as never;

/** The folder of this copy. A bundler may leave none; then its copies cannot be distinguished, and nothing is said. */
export const PACKAGE_FOLDER = typeof __dirname === 'string' ? __dirname.replace(/[\\/]lib[\\/]injection$/, '') : '';

const copies = ((globalThis as { [COPIES]?: Set<string> })[COPIES] ??= new Set<string>());
copies.add(PACKAGE_FOLDER);

/**
 * What is to be said when this process has loaded Moonpool more than once, from several folders: tokens, modules and errors of one copy are unknown to another, so
 * that nearly every message of one about the other misleads. Undefined when there is one copy.
 */
export function describeCopies(): string | undefined {
  if (copies.size < 2) return undefined;
  const places = [...copies].join(' and ');
  return `This process has loaded ${copies.size} copies of moonpool, from ${places}: tokens, modules and errors of one are unknown to the other. Have one only, by one version in all package.json files, or \`npm dedupe\``;
}

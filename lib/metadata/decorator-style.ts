import { MoonpoolError } from '../errors/moonpool-error';

/**
 * Decorators of TypeScript's option experimentalDecorators get other arguments than those of the language, which have no
 * parameters to decorate and no types. Without the option everything that they note would be wrong, so they refuse at once.
 * @param decorator its name, with the `@`.
 * @param second the second argument that it was given: a name, or a description of what it stands on.
 * @throws MoonpoolError INVALID_ACTOR_CLASSES
 */
export function requireExperimentalDecorators(decorator: string, second: unknown): void {
  if (typeof second === 'symbol') throw namedBySymbol(decorator, second);
  if (!isDecoratorContext(second)) return;
  const name = 'name' in second ? ` on '${String(second.name)}'` : '';
  throw new MoonpoolError('INVALID_ACTOR_CLASSES', {
    message: `${decorator}${name} was compiled as a standard decorator, and it needs the compiler option experimentalDecorators`,
    remedy:
      'Set "experimentalDecorators": true in the tsconfig.json that compiles the file (tsx, esbuild and swc read it too), and "emitDecoratorMetadata": true where the compiler can.',
  });
}

/** What does not let itself be looked at is some options, of which others say what is wrong with them. */
function isDecoratorContext(value: unknown): value is object {
  try {
    return typeof value === 'object' && value !== null && 'kind' in value;
  } catch {
    return false;
  }
}

/** What it stands on is found by its name, in other processes and in stores: under the text of a symbol there is nothing. */
function namedBySymbol(decorator: string, name: symbol): MoonpoolError {
  return new MoonpoolError('INVALID_ACTOR_CLASSES', {
    message: `${decorator} stands on ${String(name)}, which is a symbol, and what it stands on is found by its name`,
    remedy: 'Give the member a name that is a text.',
  });
}

/**
 * Refuses a decorator that stands without its parentheses: it was called with what it stands on in place of its options, and would
 * put a function there. @param on what it is for. @param args all that it was called with. @throws MoonpoolError INVALID_ACTOR_CLASSES
 */
export function refuseBare(decorator: string, on: 'class' | 'member', args: ArrayLike<unknown>): void {
  const { 0: target, 1: second, length } = args;
  requireExperimentalDecorators(decorator, second);
  const stands = on === 'class' ? nameOfClass(length, target) : nameOfMember(length, second);
  if (stands === undefined) return;
  throw new MoonpoolError('INVALID_ACTOR_CLASSES', {
    message: `${decorator} stands on ${stands} without parentheses`,
    remedy: `Write ${decorator}(...): it is called with its options, if there are any, and what that returns is the decorator.`,
  });
}

function nameOfClass(given: number, target: unknown): string | undefined {
  const isClass = typeof target === 'function' && /^class\b/.test(Function.prototype.toString.call(target));
  return given === 1 && isClass ? target.name : undefined;
}

/** Whatever stands on a member is given its owner, its name and its description, of a field too. */
function nameOfMember(given: number, name: unknown): string | undefined {
  return given === 3 && (typeof name === 'string' || typeof name === 'symbol') ? `'${String(name)}'` : undefined;
}

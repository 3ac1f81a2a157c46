import { MoonpoolError } from '../errors/moonpool-error';

/**
 * Decorators of TypeScript's option experimentalDecorators get other arguments than those of the language, which have no
 * parameters to decorate and no types. Without the option everything that they note would be wrong, so they refuse at once.
 * @param decorator its name, with the `@`.
 * @param second the second argument that it was given: a name, or a description of what it stands on.
 * @throws MoonpoolError INVALID_ACTOR_CLASSES
 */
export function requireExperimentalDecorators(decorator: string, second: unknown): void {
  if (typeof second !== 'object' || second === null || !('kind' in second)) return;
  const name = 'name' in second ? ` on '${String(second.name)}'` : '';
  throw new MoonpoolError('INVALID_ACTOR_CLASSES', {
    message: `${decorator}${name} was compiled as a standard decorator, and it needs the compiler option experimentalDecorators`,
    remedy:
      'Set "experimentalDecorators": true in the tsconfig.json that compiles the file (tsx, esbuild and swc read it too), and "emitDecoratorMetadata": true where the compiler can.',
  });
}

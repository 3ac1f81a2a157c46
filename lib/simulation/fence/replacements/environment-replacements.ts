import type { AmbientFunction } from '../ambient/ambient-access';
import { presentWatch, type Replacement } from '../ambient/replacement';

const REMEDY =
  'read it before the simulation begins, or put it behind a token of the container: it differs from machine to machine';

/**
 * The variables of the environment: another machine has others, and no seed decides them. They are what they are, and whoever reads
 * one is noted. What is written stays written, as in the real one.
 */
export function environmentReplacements(): readonly (Replacement | undefined)[] {
  const original = Object.getOwnPropertyDescriptor(process, 'env');
  if (original?.configurable !== true || typeof original.value !== 'object') return [];
  const { enumerable = true } = original;
  return [
    {
      owner: process,
      property: 'env',
      original,
      guarded: {
        configurable: true,
        writable: true,
        enumerable,
        value: guardedEnvironment(original.value as NodeJS.ProcessEnv),
      },
    },
  ];
}

function guardedEnvironment(real: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read = (key?: string | symbol): void => void presentWatch()?.judges(variable(key));
  return new Proxy(real, {
    get(target, key) {
      // Symbols are asked for by whoever prints the object, and are no variables.
      if (typeof key === 'string') read(key);
      return Reflect.get(target, key) as unknown;
    },
    has(target, key) {
      read(key);
      return Reflect.has(target, key);
    },
    ownKeys(target) {
      read();
      return Reflect.ownKeys(target);
    },
  });
}

function variable(key: string | symbol | undefined): AmbientFunction {
  return { name: key === undefined ? 'process.env' : `process.env.${String(key)}`, kind: 'read', remedy: REMEDY };
}

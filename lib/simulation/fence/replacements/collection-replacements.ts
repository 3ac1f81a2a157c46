import type { AmbientFunction } from '../ambient/ambient-access';
import { guardedFunction, replaceProperty, type Replacement } from '../ambient/replacement';

/** What depends on when the garbage collector runs, which no seed decides: here nothing is ever collected. */
export function collectionReplacements(): readonly (Replacement | undefined)[] {
  const collected = (name: string): AmbientFunction => ({
    name,
    kind: 'answered',
    remedy: 'give the object an explicit end of life: when it is collected differs from run to run',
  });
  return [
    replaceProperty(globalThis, 'WeakRef', (real) =>
      guardedFunction(collected('new WeakRef()'), real, (_, [target]) => new HeldReference(target)),
    ),
    replaceProperty(globalThis, 'FinalizationRegistry', (real) =>
      guardedFunction(collected('new FinalizationRegistry()'), real, () => new IdleRegistry()),
    ),
  ];
}

class HeldReference {
  constructor(private readonly target: unknown) {}

  deref(): unknown {
    return this.target;
  }
}

class IdleRegistry {
  register(): void {}

  unregister(): boolean {
    return false;
  }
}

import { syncBuiltinESMExports } from 'node:module';
import { BUILTIN_MODULES } from './builtins/builtin-modules';
import { BUILTIN_OBJECTS, OPEN_OWNERS } from './builtins/builtin-objects';
import { refusalsOf } from './ambient/builtin-owner';
import { clockReplacements } from './replacements/clock-replacements';
import { collectionReplacements } from './replacements/collection-replacements';
import { environmentReplacements } from './replacements/environment-replacements';
import { machineReplacements } from './replacements/machine-replacements';
import { momentReplacements } from './replacements/moment-replacements';
import { randomnessReplacements } from './replacements/randomness-replacements';
import { setWatch, type Replacement, type Watch } from './ambient/replacement';
import { signatureReplacements } from './replacements/signature-replacements';
import { temporalReplacements } from './replacements/temporal-replacements';
import { timerReplacements } from './replacements/timer-replacements';

let replacements: readonly Replacement[] | undefined;

/** Replaces all that reaches for the surrounding world by functions that ask the watch. */
export function installTripwire(watch: Watch): void {
  replacements ??= makeReplacements();
  setWatch(watch);
  for (const { owner, property, original, guarded } of replacements) put(owner, property, guarded, original);
  // What a module written as ESM has imported by name is a binding of its own.
  syncBuiltinESMExports();
}

/** Gives everything back as it was. */
export function removeTripwire(): void {
  setWatch(undefined);
  for (const { owner, property, original, guarded } of replacements ?? []) put(owner, property, original, guarded);
  syncBuiltinESMExports();
}

/** Writing a property is several times faster than defining it, and this is done for each seed. */
function put(owner: object, property: string, next: PropertyDescriptor, present: PropertyDescriptor): void {
  if (next.writable === true && present.writable === true) (owner as Record<string, unknown>)[property] = next.value;
  else Object.defineProperty(owner, property, next);
}

/** Made when the first world runs, so that what a program has replaced for itself until then is kept. */
function makeReplacements(): readonly Replacement[] {
  return [
    ...clockReplacements(),
    ...timerReplacements(),
    ...randomnessReplacements(),
    ...collectionReplacements(),
    ...environmentReplacements(),
    ...momentReplacements(),
    ...temporalReplacements(),
    ...machineReplacements(),
    ...signatureReplacements(),
    ...[...BUILTIN_MODULES, ...BUILTIN_OBJECTS].flatMap((owner) => refusalsOf(owner, OPEN_OWNERS.has(owner.owner))),
  ].filter((replacement) => replacement !== undefined);
}

import { MoonpoolError } from '../errors/moonpool-error';
import { nearestName } from '../errors/nearest-name';
import type { BindingPlan } from '../injection/binding-plan';
import type { ContainerModule } from '../injection/container-module';
import { excerptOf } from '../injection/module-excerpt';
import { token, type Token } from '../injection/token';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { memory } from '../modules/memory';
import { MadeStorages } from '../storage/made-storages';
import { isNamedStorage, NamedStorages, type NamedStorage } from '../storage/named-storages';
import { StateStorage } from '../storage/state-storage';
import { StorageTable } from '../storage/storage-table';

/** How many classes are named whose states nobody has given a store. */
const MAX_NAMED = 5;

/**
 * Adds the storages that states of the classes ask for by name. Names that nobody has given, and names that were given twice, are
 * noted in the plan as mistakes.
 */
export function planStorages(plan: BindingPlan, hosted: readonly ActorDescriptor[]): void {
  // A simulated world has a storage for each name: what modules would make must not be made.
  if (plan.binds(StorageTable)) return;
  const known = storagesOf(plan);
  const tokens = new Map<string, Token<StateStorage>>();
  const missing: string[] = [];
  for (const { type, states } of hosted) {
    for (const { name: state, storage } of states) {
      if (storage === undefined || tokens.has(storage)) continue;
      const found = known.get(storage);
      if (found === undefined) missing.push(describeMissing(type.name, state, storage, [...known.keys()]));
      else tokens.set(storage, include(plan, found));
    }
  }
  if (missing.length > 0) plan.report(unknownStorages(missing));
  plan.load({
    name: 'named storages',
    load: (bind) =>
      bind(StorageTable).toFactory(
        [StateStorage, ...tokens.values()],
        (usual: StateStorage, ...made: StateStorage[]) => {
          const named = [...tokens.keys()].map((name, at) => [name, made[at] as StateStorage] as const);
          return new MadeStorages(usual, new Map(named));
        },
      ),
  });
}

/**
 * What to say of states that nobody has given a store, and that are in memory therefore; undefined where a module was given for them, were it {@link memory}, or where none is kept.
 * @param given the modules of the application.
 */
export function unchosenStorage(
  plan: BindingPlan,
  hosted: readonly ActorDescriptor[],
  given: readonly ContainerModule[],
): string | undefined {
  const chosen = plan.moduleOf(StateStorage);
  if (chosen !== memory().name || given.some(({ name }) => name === chosen)) return undefined;
  const keeping = hosted.filter(
    ({ states, journals }) => journals.length > 0 || states.some(({ storage }) => storage === undefined),
  );
  if (keeping.length === 0) return undefined;
  const names = keeping.slice(0, MAX_NAMED).map(({ name }) => name);
  const others = keeping.length > MAX_NAMED ? ` and ${keeping.length - MAX_NAMED} more` : '';
  return `no store was chosen, so that what actors keep is in the memory of this process and ends with it (${names.join(', ')}${others}): give \`modules\` one, such as sqlite({ file }), or memory() where it is meant so`;
}

/** Binds the storage of the module, and what it is made of, beside those of all others. */
function include(plan: BindingPlan, { name, module }: NamedStorage): Token<StateStorage> {
  const whose = `the storage '${name}'`;
  const own = token<StateStorage>(`StateStorage of ${whose}`);
  plan.add(excerptOf(module, StateStorage, own, whose));
  return own;
}

function storagesOf(plan: BindingPlan): ReadonlyMap<string, NamedStorage> {
  const known = new Map<string, NamedStorage>();
  // Those that are none are reported already.
  for (const storage of plan.valuesOf(NamedStorages).filter(isNamedStorage)) {
    const other = known.get(storage.name);
    if (other !== undefined)
      plan.report(
        new MoonpoolError('INVALID_MODULE', {
          message: `Two storages have the name '${storage.name}': one of the module ${other.module.name}, and one of the module ${storage.module.name}`,
          remedy: 'Give one of them another name, or leave it out.',
        }),
      );
    known.set(storage.name, storage);
  }
  return known;
}

function describeMissing(type: string, state: string, storage: string, names: readonly string[]): string {
  const meant = nearestName(storage, names);
  const there = names.length === 0 ? 'there is none' : `there are ${names.map((name) => `'${name}'`).join(', ')}`;
  const hint = meant === undefined ? there : `${there}; did you mean '${meant}'?`;
  return `The actor class ${type} keeps its state '${state}' in the storage '${storage}', to which no module gives that name; ${hint}`;
}

function unknownStorages(missing: readonly string[]): MoonpoolError {
  return new MoonpoolError('MISSING_BINDING', {
    message: missing.join('\n'),
    remedy:
      "Give `modules` one with that name, as in namedStorage('archive', sqlite({ file: 'archive.db' })); or correct the name in @Persist.",
  });
}

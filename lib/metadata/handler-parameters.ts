import type { Constructor } from '../injection/token';
import { isAccepted, unchecked, type Accepted, type AcceptedParameters } from './accepted';
import type { MethodForm } from './method-form';
import { ANYTHING, isUncarriedClass, kindOfAccepted, kindOfClass, type ParameterKind } from './parameter-kind';
import { ruledFieldsOf } from './validator-record';

/** Where the parameters of a method are described. */
export interface ParameterSources {
  readonly accepts: AcceptedParameters | undefined;
  /** The types that the compiler emitted, if it did. */
  readonly emittedTypes: readonly unknown[] | undefined;
  readonly form: MethodForm | undefined;
}

/** How the arguments of a method are checked. */
export interface MethodParameters {
  readonly parameters: readonly ParameterKind[];
  /** From this one on, all arguments are of the last kind; undefined where there is no rest parameter. */
  readonly restIndex: number | undefined;
  /** False when any arguments will do. */
  readonly checksArguments: boolean;
  /** The numbers, from 1, of parameters of which nothing is known at all, since the compiler emits no metadata. */
  readonly unknown: readonly number[];
  /** What is wrong with the others, as words behind the name of the method. */
  readonly mistakes: readonly string[];
}

/** Works out the kind of each parameter: by `accepts`, or else by the type that the compiler emitted. */
export function describeParameters({ accepts, emittedTypes, form }: ParameterSources): MethodParameters {
  if (accepts === unchecked)
    return { parameters: [], restIndex: undefined, checksArguments: false, unknown: [], mistakes: [] };
  const accepted =
    accepts === undefined
      ? []
      : Array.isArray(accepts)
        ? (accepts as readonly (Accepted | undefined)[])
        : [accepts as Accepted];
  const unknown: number[] = [];
  const mistakes: string[] = [];
  const count = Math.max(emittedTypes?.length ?? form?.count ?? 0, accepted.length);
  const restIndex = form?.restIndex === count - 1 ? form.restIndex : undefined;
  const parameters = Array.from({ length: count }, (_, index): ParameterKind => {
    const named = accepted[index];
    const emitted = emittedTypes?.[index];
    if (named !== undefined) return namedKind(named, index === restIndex ? undefined : emitted);
    if (emittedTypes === undefined) {
      unknown.push(index + 1);
      return ANYTHING;
    }
    const mistake = mistakeOfType(emitted);
    if (mistake === undefined) return kindOfClass(emitted);
    mistakes.push(`parameter ${index + 1} ${mistake}`);
    return ANYTHING;
  });
  const isKnown = emittedTypes !== undefined || form !== undefined || accepts !== undefined;
  return {
    parameters,
    restIndex,
    checksArguments: isKnown && !(restIndex === 0 && parameters[0]?.kind === 'anything'),
    unknown,
    mistakes,
  };
}

/** A list of the class where the compiler says list and the class is named: `accepts: [Deposit]` for `deposits: Deposit[]`. */
function namedKind(named: Accepted, emitted: unknown): ParameterKind {
  // What it cannot be is reported where options are looked at.
  if (!isAccepted(named)) return ANYTHING;
  const kind = kindOfAccepted(named);
  if (typeof named !== 'function' || named === emitted) return kind;
  if (emitted === Array) return { kind: 'list', item: kind };
  if (emitted === Set) return { kind: 'set', item: kind };
  return emitted === Map ? { kind: 'map', key: ANYTHING, item: kind } : kind;
}

function mistakeOfType(emitted: unknown): string | undefined {
  if (emitted === undefined)
    return 'has no type at run time. If an import cycle has left its class undefined, `accepts` finds nothing either: declare the class in a file that imports none of the others. If it is null or undefined alone, name it by `accepts`';
  if (emitted === Function)
    return 'is a function, which cannot travel, or a class that is imported by `import type` and so cannot be seen at run time: import it as a value, or name it by `accepts`';
  return isUncarriedClass(emitted as Constructor<object>)
    ? `is a ${(emitted as Constructor<object>).name}, which cannot travel`
    : undefined;
}

/** Whether the parameters show that what comes from outside is to be checked: one of them is a payload with rules. */
export function holdsRules(kind: ParameterKind): boolean {
  switch (kind.kind) {
    case 'payload':
      return ruledFieldsOf(kind.type).size > 0;
    case 'list':
    case 'set':
      return holdsRules(kind.item);
    case 'map':
      return holdsRules(kind.key) || holdsRules(kind.item);
    case 'nullable':
    case 'required':
      return holdsRules(kind.inner);
    default:
      return false;
  }
}

/** The same kind for a class that has payloads with rules: an object of an unseen class is not let in beside them. */
export function asStrict(kind: ParameterKind): ParameterKind {
  return kind.kind === 'unseen' ? { ...kind, refusesRecords: true } : kind;
}

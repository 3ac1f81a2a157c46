import type { ActorClass } from '../../actor/actor-reference';
import { describeValue } from '../../errors/describe-value';
import { MoonpoolError } from '../../errors/moonpool-error';
import { nearestName } from '../../errors/nearest-name';
import { actorOptionsOf } from '../../metadata/metadata-store';

/**
 * Refuses a class of which the simulation has no actors: of those there is never any state, and an invariant that asks for it would find
 * nothing wrong for ever. Releases may have classes of their own under one name. @throws MoonpoolError INVALID_OPTION
 */
export function refuseUnknownActor(verb: string, type: unknown, known: readonly ActorClass[]): void {
  const given = typeof type === 'function' ? actorOptionsOf(type)?.name : undefined;
  const names = [...new Set(known.map((actor) => actorOptionsOf(actor)?.name ?? actor.name))].sort();
  if (given !== undefined && names.includes(given)) return;
  const what = typeof type === 'function' ? `the class ${type.name}` : describeValue(type);
  throw new MoonpoolError('INVALID_OPTION', {
    message: `view.${verb} was asked about ${what}, of which this simulation has no actors`,
    remedy: `Its actors are ${names.join(', ')}.`,
  });
}

/**
 * What the class declares under the name, or first when none is given. @param kind of what, for the message: state or journal.
 * @throws MoonpoolError INVALID_OPTION that names what it does declare.
 */
export function declaredBy<R extends { readonly name: string }>(
  records: readonly R[],
  {
    verb,
    kind,
    type,
    name,
  }: { readonly verb: string; readonly kind: string; readonly type: ActorClass; readonly name: string | undefined },
): R {
  const record = name === undefined ? records[0] : records.find((one) => one.name === name);
  if (record !== undefined) return record;
  const names = records.map((one) => one.name);
  const meant = name === undefined ? undefined : nearestName(name, names);
  throw new MoonpoolError('INVALID_OPTION', {
    message: `view.${verb} was asked for ${name === undefined ? `a ${kind}` : `the ${kind} '${name}'`} of ${type.name}, which declares none${name === undefined ? '' : ' of that name'}${meant === undefined ? '' : `; did you mean '${meant}'?`}`,
    remedy:
      names.length === 0 ? `Ask a class that has a ${kind}.` : `It has ${names.map((one) => `'${one}'`).join(', ')}.`,
  });
}

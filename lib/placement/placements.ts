import { MoonpoolError } from '../errors/moonpool-error';
import { nearestName } from '../errors/nearest-name';
import { contributions } from '../injection/contribution-list';
import type { KnownActors } from '../metadata/actor-descriptor';
import { anyOf } from '../options/option-kind';
import { isWellFormed } from '../options/well-formed-text';
import type { PlacementStrategy } from './placement-strategy';

/** A strategy that actor classes may ask for by its name: `@Actor({ placement: 'same-zone' })`. */
export interface NamedPlacement {
  readonly name: string;
  readonly strategy: PlacementStrategy;
}

/** All strategies that have names. */
export const Placements = contributions<NamedPlacement>('Placements', {
  accepts: anyOf('a placement { name, strategy: { choose(actor, candidates, local) } }', isNamedPlacement),
});

/** What the placements of a process are made of. */
export interface PlacementTableParts {
  /** For actors whose class names none. */
  readonly otherwise: PlacementStrategy;
  readonly named: readonly NamedPlacement[];
  readonly known: KnownActors;
}

/** Which strategy places the actors of which class. */
export class PlacementTable {
  private readonly byType = new Map<string, NamedPlacement>();
  private readonly otherwise: NamedPlacement;

  /** @throws MoonpoolError INVALID_MODULE, MISSING_BINDING: names that are taken, and names that nobody has contributed. */
  constructor({ otherwise, named, known }: PlacementTableParts) {
    this.otherwise = { name: 'default', strategy: otherwise };
    const byName = new Map<string, NamedPlacement>();
    for (const placement of named) {
      if (!isNamedPlacement(placement) || byName.has(placement.name)) throw unusable(placement, byName);
      byName.set(placement.name, placement);
    }
    const missing: string[] = [];
    for (const { name, type, options } of known.values()) {
      if (options.placement === undefined) continue;
      const found = byName.get(options.placement);
      if (found === undefined) missing.push(describeMissing(type.name, options.placement, [...byName.keys()]));
      else this.byType.set(name, found);
    }
    if (missing.length > 0)
      throw new MoonpoolError('MISSING_BINDING', {
        message: missing.join('\n'),
        remedy:
          'Give `modules` one that says contribute(Placements, { name, strategy }), also to clients, which place what they call first; or correct the name in @Actor({ placement }).',
      });
  }

  /** For actors of the type. */
  of(type: string): NamedPlacement {
    return this.byType.get(type) ?? this.otherwise;
  }
}

function isNamedPlacement(placement: unknown): placement is NamedPlacement {
  const { name, strategy } = (placement ?? {}) as Partial<NamedPlacement>;
  return typeof name === 'string' && name !== '' && isWellFormed(name) && typeof strategy?.choose === 'function';
}

function unusable(placement: NamedPlacement, byName: ReadonlyMap<string, NamedPlacement>): MoonpoolError {
  const message =
    isNamedPlacement(placement) && byName.has(placement.name)
      ? `Two placements have the name '${placement.name}'`
      : 'What a module contributes to Placements must be a placement { name, strategy: { choose(actor, candidates, local) } }';
  return new MoonpoolError('INVALID_MODULE', { message, remedy: 'Correct the module that contributes it.' });
}

function describeMissing(type: string, placement: string, names: readonly string[]): string {
  const meant = nearestName(placement, names);
  const hint =
    meant === undefined ? `there are ${names.map((name) => `'${name}'`).join(', ')}` : `did you mean '${meant}'?`;
  return `The actor class ${type} asks for the placement '${placement}', which no module contributes; ${hint}`;
}

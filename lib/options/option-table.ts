import {
  invalidOptions,
  pathTo,
  unknownOption,
  wrongOption,
  type OptionMistake,
  type OptionPlace,
} from './option-mistake';
import type { OptionKind, RequiredOption } from './option-kind';
import { mistakesOf } from './option-look';

const WANTED = 'an object of options';

/**
 * What each option of an interface may be. The compiler refuses a table that lacks an option of the interface, has one that
 * the interface lacks, or does not cover the values that the interface admits.
 */
export type OptionRules<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K>
    ? OptionKind<Exclude<T[K], undefined>>
    : RequiredOption<Exclude<T[K], undefined>>;
};

/** What a table says beside its rules. */
export interface TableSetting<in T> {
  /** What is wrong with options that are right one by one but not together; undefined when nothing is. */
  readonly together?: (options: T, place: OptionPlace) => OptionMistake | undefined;
  /** True when something else that stands in their place may be secret, so that it is not quoted. */
  readonly isSecret?: boolean;
}

/**
 * The declared options of one interface: the one rule by which every object of options that a user hands over is looked at.
 * A name that is not in it is refused, for an option that is written wrongly would change nothing and say nothing. An option
 * that is `undefined` counts as not given.
 */
export class OptionTable<in T extends object> {
  private readonly entries: readonly (readonly [name: string, kind: OptionKind<never>])[];

  constructor(
    private readonly rules: Readonly<Record<string, OptionKind<never>>>,
    private readonly more: TableSetting<T>,
  ) {
    this.entries = Object.entries(rules);
  }

  /** The names of all options. */
  get names(): readonly string[] {
    return Object.keys(this.rules);
  }

  /** What each option must be, by its path: those of groups are there, and the groups are not. */
  get paths(): readonly string[] {
    return this.entries.flatMap(([name, { paths }]) =>
      paths === undefined ? [name] : paths.map((path) => `${name}.${path}`),
    );
  }

  /** True when there is certainly no mistake, found out without making anything: for what is asked with each call. */
  admits(options: unknown): boolean {
    if (this.more.together !== undefined) return false;
    try {
      if (!isOptionsObject(options)) return false;
      for (const name in options) if (!Object.hasOwn(this.rules, name)) return false;
      for (const [name, kind] of this.entries)
        if (!isFine(kind, (options as Readonly<Record<string, unknown>>)[name])) return false;
      return true;
    } catch {
      // Whoever asks for the mistakes learns why.
      return false;
    }
  }

  /** Every mistake in what was given. Of options that are wrong one by one nothing is said together. */
  mistakesIn(options: unknown, place: OptionPlace): readonly OptionMistake[] {
    const { isSecret } = this.more;
    return mistakesOf({ wanted: WANTED, isSecret }, place, options, () => this.lookedThrough(options, place));
  }

  private lookedThrough(options: unknown, place: OptionPlace): readonly OptionMistake[] {
    if (!isOptionsObject(options)) return [wrongOption(place, WANTED, options, this.more.isSecret)];
    const mistakes = [...this.unknownIn(options, place), ...this.wrongIn(options, place)];
    if (mistakes.length > 0) return mistakes;
    const mistake = this.more.together?.(options as T, place);
    return mistake === undefined ? [] : [mistake];
  }

  /** @param door who was given the options, as a user writes it. @throws MoonpoolError INVALID_OPTION with every mistake. */
  check(door: string, options: unknown): void {
    const error = invalidOptions(this.mistakesIn(options, { door, path: '' }));
    if (error !== undefined) throw error;
  }

  private unknownIn(options: object, place: OptionPlace): readonly OptionMistake[] {
    const mistakes: OptionMistake[] = [];
    // What an object inherits is read too when an option is taken from it.
    for (const name in options)
      if (!Object.hasOwn(this.rules, name)) mistakes.push(unknownOption(place, name, this.names));
    return mistakes;
  }

  private wrongIn(options: object, { door, path }: OptionPlace): readonly OptionMistake[] {
    const mistakes: OptionMistake[] = [];
    for (const [name, kind] of this.entries) {
      const place = { door, path: pathTo(path, name) };
      let value: unknown;
      const look = (): readonly OptionMistake[] => {
        value = (options as Readonly<Record<string, unknown>>)[name];
        return mistakesBy(kind, value, place);
      };
      mistakes.push(...mistakesOf(kind, place, value, look));
    }
    return mistakes;
  }
}

/** Declares the options of an interface. */
export function optionTable<T extends object>(rules: OptionRules<T>, more: TableSetting<T> = {}): OptionTable<T> {
  return new OptionTable<T>(rules as unknown as Readonly<Record<string, OptionKind<never>>>, more);
}

/** Options of their own, under one name. */
export function group<T extends object>(table: OptionTable<T>): OptionKind<T> {
  return {
    wanted: WANTED,
    mistakesIn: (value, place) => table.mistakesIn(value, place),
    paths: table.paths,
  };
}

/**
 * Looks at the arguments of a function as at options. One that is `undefined` was not given, which is refused where its kind is required.
 * @param door the function, as a user writes it. @throws MoonpoolError INVALID_OPTION
 */
export function checkArguments(
  door: string,
  args: Readonly<Record<string, readonly [kind: OptionKind<never>, value: unknown]>>,
): void {
  for (const [name, [kind, value]] of Object.entries(args))
    if (!isFineToSee(kind, value)) refuseArgument({ door, path: name }, kind, value);
}

function refuseArgument(place: OptionPlace, kind: OptionKind<never>, value: unknown): void {
  const error = invalidOptions(mistakesOf(kind, place, value, () => mistakesBy(kind, value, place)));
  if (error !== undefined) throw error;
}

function mistakesBy(kind: OptionKind<never>, value: unknown, place: OptionPlace): readonly OptionMistake[] {
  if (isFine(kind, value)) return [];
  return value === undefined ? [wrongOption(place, kind.wanted, value)] : kind.mistakesIn(value, place);
}

/**
 * The options with the defaults of those that were not given. One that is `undefined` was not given: spread alone would let
 * it hide its default.
 */
export function withDefaults<D extends object>(defaults: D, options: Partial<D> | undefined): D {
  return options === undefined ? { ...defaults } : { ...defaults, ...given(options) };
}

/** The options that were given a value. */
export function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function isFine(kind: OptionKind<never>, value: unknown): boolean {
  return value === undefined ? kind.isRequired !== true : kind.admits?.(value) === true;
}

/** As {@link isFine}; what does not let itself be looked at is not. */
function isFineToSee(kind: OptionKind<never>, value: unknown): boolean {
  try {
    return isFine(kind, value);
  } catch {
    return false;
  }
}

/** Lists, functions, promises, maps and signals are no options, though they would pass for some without any. */
function isOptionsObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]';
}

import { MoonpoolError } from '../../errors/moonpool-error';
import type { SeedSelection } from '../../metadata/simulation-record';

/** The most seeds that `until-covered` runs. */
const MOST_SEEDS = 1_000;

/** How many seeds in a row must bring nothing new before `until-covered` is content. */
const SEEDS_WITHOUT_NEWS = 10;

/** The seeds of a selection, in order. */
export function seedsOf(selection: SeedSelection): readonly number[] {
  if (selection === 'until-covered') return seedsOf(MOST_SEEDS);
  if (typeof selection === 'number') return Array.from({ length: selection }, (_, index) => index + 1);
  if ('from' in selection)
    return Array.from({ length: Math.max(0, selection.to - selection.from + 1) }, (_, index) => selection.from + index);
  return selection;
}

/** True when a selection that runs until all is covered has seen enough. */
export function isCovered(
  selection: SeedSelection,
  seen: { readonly unfired: number; readonly seedsWithoutNews: number },
): boolean {
  return selection === 'until-covered' && seen.unfired === 0 && seen.seedsWithoutNews >= SEEDS_WITHOUT_NEWS;
}

/** What the environment asks for instead of what the class says. */
export interface SeedOverride {
  readonly selection: SeedSelection;
  /** True when one seed is to be replayed, with its timeline. */
  readonly isReplay: boolean;
}

/**
 * Reads `MOONPOOL_SEED` (one seed to replay) and `MOONPOOL_SEEDS` (what {@link parseSeeds} takes).
 * @throws MoonpoolError INVALID_OPTION
 */
export function readSeedOverride(environment: Readonly<Record<string, string | undefined>>): SeedOverride | undefined {
  const { MOONPOOL_SEED: one, MOONPOOL_SEEDS: many } = environment;
  if (one !== undefined && one !== '') return { selection: [parseSeed('MOONPOOL_SEED', one)], isReplay: true };
  if (many === undefined || many === '') return undefined;
  return { selection: parseSeeds('MOONPOOL_SEEDS', many), isReplay: false };
}

/**
 * Reads which seeds are meant: how many (`1000`), a range (`500-600`), a list (`3,17,90`), or `until-covered`.
 * @param name what the text was given for, for the message. @throws MoonpoolError INVALID_OPTION
 */
export function parseSeeds(name: string, text: string): SeedSelection {
  if (text === 'until-covered') return text;
  const range = /^(\d+)-(\d+)$/.exec(text);
  if (range !== null && Number(range[1]) <= Number(range[2]))
    return { from: parseSeed(name, range[1] as string), to: parseSeed(name, range[2] as string) };
  if (/^\d+(,\d+)+$/.test(text)) return text.split(',').map((seed) => parseSeed(name, seed));
  if (/^\d+$/.test(text) && Number(text) > 0) return parseSeed(name, text);
  const remedy = 'Give a number of seeds (1000), a range (500-600), a list (3,17,90) or until-covered.';
  throw new MoonpoolError('INVALID_OPTION', { message: `${name} is ${JSON.stringify(text)}`, remedy });
}

/** Reads one seed. @throws MoonpoolError INVALID_OPTION */
export function parseSeed(name: string, text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `${name} is ${JSON.stringify(text)}, which is no whole number`,
    remedy: 'Give the number that the report of the failure shows.',
  });
}

import { MoonpoolError } from '../../errors/moonpool-error';
import type { SeedSelection } from '../../metadata/simulation-record';

/** The seeds of a selection, in order. */
export function seedsOf(selection: SeedSelection): readonly number[] {
  if (typeof selection === 'number') return Array.from({ length: selection }, (_, index) => index + 1);
  if ('from' in selection) return Array.from({ length: Math.max(0, selection.to - selection.from + 1) }, (_, index) => selection.from + index);
  return selection;
}

/** What the environment asks for instead of what the class says. */
export interface SeedOverride {
  readonly selection: SeedSelection;
  /** True when one seed is to be replayed, with its timeline. */
  readonly isReplay: boolean;
}

/**
 * Reads `MOONPOOL_SEED` (one seed to replay) and `MOONPOOL_SEEDS` (a number of seeds, or `from-to`).
 * @throws MoonpoolError INVALID_OPTION
 */
export function readSeedOverride(environment: Readonly<Record<string, string | undefined>>): SeedOverride | undefined {
  const { MOONPOOL_SEED: one, MOONPOOL_SEEDS: many } = environment;
  if (one !== undefined && one !== '') return { selection: [parseSeed('MOONPOOL_SEED', one)], isReplay: true };
  if (many === undefined || many === '') return undefined;
  const range = /^(\d+)-(\d+)$/.exec(many);
  const selection = range === null ? parseSeed('MOONPOOL_SEEDS', many) : { from: Number(range[1]), to: Number(range[2]) };
  return { selection, isReplay: false };
}

function parseSeed(name: string, text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new MoonpoolError('INVALID_OPTION', { message: `${name} is ${JSON.stringify(text)}, which is no whole number${name === 'MOONPOOL_SEEDS' ? ' and no range from-to' : ''}` });
}

import { MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { ChaosLevel } from '../chaos/profile/chaos-profile';
import type { RunRecipe } from '../seed-run/run-recipe';

/** The version of the format of replay files. */
const FORMAT = 1;

/** All that is needed to run one run again, on another machine too. */
export interface ReplayFile {
  readonly format: typeof FORMAT;
  /** The version of Node.js that made it. */
  readonly node: string;
  /** The commit of the application, when it was known. */
  readonly commit?: string;
  /** The compiled file with the simulation class, relative to the folder from which it was run. */
  readonly file: string;
  readonly className: string;
  readonly method: string;
  readonly chaos?: ChaosLevel;
  readonly recipe: RunRecipe;
  /** The hash of the run: a replay with another one runs other code. */
  readonly hash: string;
  /** How the run failed, for people. */
  readonly failure: string;
}

export function formatReplay(replay: Omit<ReplayFile, 'format'>): string {
  return `${JSON.stringify({ format: FORMAT, ...replay }, undefined, 2)}\n`;
}

/** @param name of the file, for messages. @throws MoonpoolError INVALID_OPTION */
export function parseReplay(text: string, name: string): ReplayFile {
  const refuse = (why: string, cause?: unknown): never => {
    throw new MoonpoolError('INVALID_OPTION', {
      message: `${name} is no replay file: ${why}`,
      remedy: 'Name a file that this version of `moonpool simulate` has written.',
      ...(cause === undefined ? {} : { cause }),
    });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    return refuse(messageOf(cause), cause);
  }
  if (typeof parsed !== 'object' || parsed === null) return refuse('it holds no object');
  const replay = parsed as Partial<ReplayFile>;
  if (replay.format !== FORMAT)
    return refuse(`its format is ${JSON.stringify(replay.format)}, and this version reads ${FORMAT}`);
  for (const field of ['file', 'className', 'method', 'hash'] as const)
    if (typeof replay[field] !== 'string') return refuse(`its ${field} is missing`);
  const { seed, reseeds = [], only = [], suppressed = [] } = replay.recipe ?? ({} as Partial<RunRecipe>);
  const areNames = (names: unknown) => Array.isArray(names) && names.every((fault) => typeof fault === 'string');
  if (!Number.isSafeInteger(seed)) return refuse('its recipe has no seed');
  if (!areNames(only) || !areNames(suppressed)) return refuse('the faults of its recipe are no list of names');
  const areReseeds =
    Array.isArray(reseeds) &&
    reseeds.every((turn) => Number.isSafeInteger(turn?.atEvent) && Number.isSafeInteger(turn?.seed));
  if (!areReseeds) return refuse('the reseeds of its recipe are no list of { atEvent, seed }');
  return replay as ReplayFile;
}

import { messageOf } from '../errors/thrown-value';
/** `finished`: it ended by itself. `stopped`: it was told to. `failed`: it threw. */
export type LocalEndCode = 'finished' | 'stopped' | 'failed';

/** Why a local actor or a supervisor ended. */
export interface LocalEnding {
  readonly code: LocalEndCode;
  /** A sentence for a log. */
  readonly description: string;
  /** What it threw, when it failed. */
  readonly error?: unknown;
}

/** The ending of something that threw. */
export function failedEnding(name: string, error: unknown): LocalEnding {
  return { code: 'failed', description: `${name} failed: ${messageOf(error)}`, error };
}

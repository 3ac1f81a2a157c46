import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { CommitOutcome, StateCommit } from '../storage/state-commit';

/** Whose states are written, and where. */
export interface WrittenState {
  /** The path of the actor. */
  readonly actor: string;
  /** The name of the storage; undefined for the default one. */
  readonly storage?: string;
}

/** What is written, for messages. */
export function stateOf({ actor, storage }: WrittenState): string {
  return storage === undefined ? `state of ${actor}` : `state of ${actor} in the storage '${storage}'`;
}

/** This node may not write any more. */
export function fenced(state: string): MoonpoolError {
  return new MoonpoolError('NODE_FENCED', {
    message: `The ${state} was not written: the node has lost its lease`,
    executed: 'maybe',
  });
}

/** The store has not said that the write was applied. */
export function notWritten(state: string, cause: unknown): MoonpoolError {
  // A store that says what is wrong with it is believed, and what it says is told: only its silence leaves a doubt.
  if (isMoonpoolError(cause) && cause.code !== 'STORAGE_UNAVAILABLE') {
    const { code, detail, remedy } = cause;
    return new MoonpoolError(code, {
      message: `The ${state} was not written: ${detail}`,
      executed: 'maybe',
      remedy,
      cause,
    });
  }
  const message = `Whether the last write of the ${state} was applied could not be learnt: ${reasonOf(cause)}`;
  return new MoonpoolError('STORAGE_UNAVAILABLE', { message, executed: 'maybe', cause });
}

/** A newer activation has claimed what this one writes. */
export function claimedAgain(
  state: string,
  { epoch, version }: StateCommit,
  outcome: Exclude<CommitOutcome, { readonly kind: 'accepted' }>,
): MoonpoolError {
  const found = outcome.kind === 'fenced' ? `epoch ${outcome.epoch}` : `version ${outcome.version}`;
  return new MoonpoolError('STATE_FENCED', {
    message: `The ${state} was claimed again: this activation writes with epoch ${epoch} and version ${version}, the store has ${found}`,
    executed: 'maybe',
  });
}

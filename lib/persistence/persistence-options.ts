import { token } from '../injection/token';
import { count, duration, flag } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import type { AnswerWindow } from './remembered-answers';

/** How much of actors is kept, and for how long. */
export interface PersistenceOptions extends AnswerWindow {
  /** How large the states of one actor may be together, in bytes. Default: 16,777,216. */
  readonly maxStateBytes: number;
  /** For how long the answers of idempotent calls are remembered, in milliseconds. Default: 600,000. */
  readonly answerWindowMs: number;
  /** How many answers of one actor are remembered at most. Default: 1,000. */
  readonly keptAnswers: number;
  /**
   * After each turn of a handler that is declared `readOnly`, in a class with `persist: 'after-turn'`, the states are compared with what was written: one that has changed is put back, and the call fails with
   * READ_ONLY_HANDLER. It costs such a turn what writing the states as bytes takes. The values of journals are compared with what their events come to (JOURNAL_VALUE_CHANGED). Default: false; a simulation always does it.
   */
  readonly checksReadOnly: boolean;
  /**
   * Each state and event that is written is looked through for objects that would come back without their class, since no `@Type` names it; one that holds such is refused with
   * UNSERIALIZABLE_VALUE. It costs a part of what writing it as bytes does. Default: false, where some are looked through, and the log tells of each field once; a simulation always does it.
   */
  readonly checksInstances: boolean;
}
export const PersistenceOptions = token<PersistenceOptions>('PersistenceOptions');

export const PERSISTENCE_OPTIONS = optionTable<Partial<PersistenceOptions>>({
  maxStateBytes: count(1_024, 1_073_741_824),
  answerWindowMs: duration(),
  keptAnswers: count(1),
  checksReadOnly: flag(),
  checksInstances: flag(),
});

export const DEFAULT_PERSISTENCE_OPTIONS: PersistenceOptions = {
  maxStateBytes: 16_777_216,
  answerWindowMs: 600_000,
  keptAnswers: 1_000,
  checksReadOnly: false,
  checksInstances: false,
};

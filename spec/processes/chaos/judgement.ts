import { checkAppendLists, checkLinearizable, checkWitnesses, registerModel, type Verdict } from 'moonpool/simulation';
import { ERROR_CATALOGUE } from '../../../lib/errors/catalogue';
import { groupByKey, type RecordedOperation } from '../../../lib/simulation/checkers/histories/history';
import type { MergedHistory } from './history-file';

/** What the checkers say of a history. */
export interface Judgement {
  /** One for each key and checker that does not hold: violated, or not decided, which is no success. */
  readonly failed: readonly Verdict[];
  /** How many keys were looked at. */
  readonly keys: number;
  /** Errors that callers got and that have no code of the catalogue. */
  readonly strangeErrors: readonly string[];
}

/**
 * Has each key judged by itself: that is the same, for all of its operations are on that key alone, and shows more than the first violation. Lists: one
 * order that explains all reads and agrees with real time, so nothing acknowledged is lost and nothing is there twice. Registers: linearizable, and as
 * the turns that answers name say.
 */
export function judge({ history, operations }: MergedHistory): Judgement {
  const keys = groupByKey(history.operations);
  const verdicts = [...keys].flatMap(([key, ofKey]) => (key.startsWith('list-') ? ofList(ofKey) : ofRegister(ofKey)));
  const codes = operations.flatMap(({ answer, code }) => (answer === 'ok' || code === undefined ? [] : [code]));
  return {
    failed: verdicts.filter(({ kind }) => kind !== 'holds'),
    keys: keys.size,
    strangeErrors: [...new Set(codes)].filter((code) => !(code in ERROR_CATALOGUE)),
  };
}

function ofList(operations: readonly RecordedOperation[]): readonly Verdict[] {
  return [checkAppendLists(operations)];
}

function ofRegister(operations: readonly RecordedOperation[]): readonly Verdict[] {
  const model = registerModel(undefined);
  return [checkLinearizable(operations, model), checkWitnesses(operations, model)];
}

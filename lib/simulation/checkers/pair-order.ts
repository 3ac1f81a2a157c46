import type { OperationWitness, RecordedOperation } from './histories/history';
import { holds, violated, type Verdict } from './histories/verdict';
import { compareWitnesses } from './linearizability/witness-ways';

const PROPERTY = 'in the order of its pairs';

/**
 * Whether the calls of one client to one actor began in the order in which they were sent. Gaps are allowed; answers without a
 * witness say nothing. Linear time.
 */
export function checkPairOrder(operations: readonly RecordedOperation[]): Verdict {
  const last = new Map<string, RecordedOperation & { readonly witness: OperationWitness }>();
  let compared = 0;
  for (const operation of [...operations].sort((a, b) => a.invokedAt - b.invokedAt)) {
    const { witness, client, key } = operation;
    if (operation.outcome !== 'ok' || witness === undefined) continue;
    const pair = `${client}\n${key}`;
    const before = last.get(pair);
    if (before !== undefined) {
      compared++;
      if (compareWitnesses(before.witness, witness) >= 0) {
        return violated(
          PROPERTY,
          `${client} sent #${before.index} to '${key}' before #${operation.index}, which had the earlier turn`,
          [before, operation],
        );
      }
    }
    last.set(pair, { ...operation, witness });
  }
  return holds(PROPERTY, `${compared} pairs of calls that followed each other`);
}

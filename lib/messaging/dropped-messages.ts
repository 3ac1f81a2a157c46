import type { CallCounters } from '../calls/call-counters';
import type { RefusalLog } from '../observability/refusal-log';

/** Messages that were lost of which nobody waits for an answer: people are notified, and they are counted. */
export class DroppedMessages {
  constructor(
    private readonly counters: Pick<CallCounters, 'dropped'>,
    private readonly refusals: RefusalLog,
  ) {}

  /** @param why gives words, or an error. */
  note(path: string, method: string, why: () => unknown): void {
    this.counters.dropped.value++;
    this.refusals.note('a one-way message was dropped', path, () => {
      const [fields, reason] = [{ actor: path, method }, why()];
      return typeof reason === 'string' ? { fields: { ...fields, why: reason } } : { fields, error: reason };
    });
  }
}

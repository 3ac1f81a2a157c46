import type { EventFields } from '../../observability/event-log';
import type { OperationWitness } from '../checkers/histories/history';

/**
 * Learns the witness of the answer to a call from the event log of the client that makes it: so workloads need not carry witnesses
 * in their results.
 */
export class WitnessCapture {
  private readonly witnesses = new Map<string, OperationWitness | undefined>();
  private begun: string[] | undefined;

  /** Is notified of every event of the client. */
  observe(name: string, fields: EventFields): void {
    const call = String(fields['call']);
    if (name === 'call') {
      if (this.begun === undefined) return;
      this.begun.push(call);
      this.witnesses.set(call, undefined);
    } else if (name === 'call-end' && this.witnesses.has(call)) {
      const { epoch, turn, version } = fields;
      if (typeof epoch === 'number' && typeof turn === 'number' && typeof version === 'number')
        this.witnesses.set(call, { epoch, turn, version });
    }
  }

  /** Runs the call; the witness is that of the first call which it makes before it waits for anything. */
  async run<T>(
    call: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly witness: OperationWitness | undefined }> {
    const begun: string[] = [];
    this.begun = begun;
    let answer: Promise<T>;
    try {
      answer = call();
    } finally {
      this.begun = undefined;
    }
    try {
      const result = await answer;
      const [first] = begun;
      return { result, witness: first === undefined ? undefined : this.witnesses.get(first) };
    } finally {
      for (const one of begun) this.witnesses.delete(one);
    }
  }
}

import { isMoonpoolError } from '../../../errors/moonpool-error';
import { messageOf } from '../../../errors/thrown-value';

/**
 * How an operation ended. `ok`: it took effect once, with the result. `failed`: it never took effect and never will. `unknown`:
 * it took effect not at all or once, at any time after it was invoked.
 */
export type OperationOutcome = 'ok' | 'failed' | 'unknown';

/** Where in the life of its actor an operation was executed, as replies say it. */
export interface OperationWitness {
  /** The epoch of the activation. */
  readonly epoch: number;
  /** The number of the turn within the activation. */
  readonly turn: number;
  /** The version of the durable state when the turn had ended. */
  readonly version: number;
}

/** What a client asks for. */
export interface OperationRequest {
  readonly client: string;
  /** What is done, such as `read`. */
  readonly operation: string;
  /** To whom it is done: operations on different keys have nothing to do with each other. */
  readonly key: string;
  readonly argument?: unknown;
}

/** An operation as a history keeps it: plain data. */
export interface RecordedOperation extends OperationRequest {
  /** Its number in the history, from 0 on, in the order of invocation. */
  readonly index: number;
  readonly outcome: OperationOutcome;
  /** What came back; undefined unless the outcome is `ok`. */
  readonly result: unknown;
  /** When it was invoked, counted in events of the history: what ended before that came before this operation. */
  readonly invokedAt: number;
  /** When it ended, counted like `invokedAt`; infinite unless the outcome is `ok` or `failed`. */
  readonly completedAt: number;
  /** When it was invoked, in milliseconds of the clock that the history was given. */
  readonly invokedAtMs: number;
  readonly witness?: OperationWitness;
  /** Why it failed, or why its outcome is unknown. */
  readonly reason?: string;
}

/** An operation that was invoked; exactly one of its methods is called, once. */
export interface BegunOperation {
  ok(result: unknown, witness?: OperationWitness): void;
  failed(reason: string): void;
  unknown(reason: string): void;
}

/**
 * Takes down what clients asked for and what they were told: the material of all checkers. One history is written by one
 * process, so that its events have one order.
 */
export class History {
  private readonly recorded: RecordedOperation[] = [];
  private events = 0;

  /** @param now milliseconds, for people who read the evidence; the order of events does not depend on it. */
  constructor(private readonly now: () => number = () => 0) {}

  /** The operations in the order of invocation; one that has not ended has the outcome `unknown`. */
  get operations(): readonly RecordedOperation[] {
    return this.recorded;
  }

  /** Notes that a client begins an operation. */
  invoke(request: OperationRequest): BegunOperation {
    const index = this.recorded.length;
    const open: RecordedOperation = {
      ...request,
      index,
      outcome: 'unknown',
      result: undefined,
      invokedAt: this.events++,
      completedAt: Number.POSITIVE_INFINITY,
      invokedAtMs: this.now(),
      reason: 'it has not ended',
    };
    this.recorded.push(open);
    const end = (changes: Partial<RecordedOperation>): void => {
      const { reason: _, ...begun } = open;
      if (this.recorded[index] === open) this.recorded[index] = { ...begun, ...changes };
    };
    return {
      ok: (result, witness) =>
        end({ outcome: 'ok', result, completedAt: this.events++, ...(witness === undefined ? {} : { witness }) }),
      failed: (reason) => end({ outcome: 'failed', completedAt: this.events++, reason }),
      unknown: (reason) => end({ outcome: 'unknown', reason }),
    };
  }

  /**
   * Runs a call as an operation and notes what came of it. What a {@link MoonpoolError} says of its execution is believed:
   * `no` is noted as failed; everything else that is thrown as unknown. Rejects as the call does.
   */
  async record<T>(request: OperationRequest, call: () => Promise<T>): Promise<T> {
    const invocation = this.invoke(request);
    try {
      const result = await call();
      invocation.ok(result);
      return result;
    } catch (error) {
      const reason = messageOf(error);
      if (isMoonpoolError(error) && error.executed === 'no') invocation.failed(reason);
      else invocation.unknown(reason);
      throw error;
    }
  }

  /** The operations on each key, in the order of invocation. */
  byKey(): ReadonlyMap<string, readonly RecordedOperation[]> {
    return groupByKey(this.recorded);
  }
}

/** The operations on each key, each in their order. */
export function groupByKey(
  operations: readonly RecordedOperation[],
): ReadonlyMap<string, readonly RecordedOperation[]> {
  const groups = new Map<string, RecordedOperation[]>();
  for (const operation of operations) {
    const group = groups.get(operation.key);
    if (group === undefined) groups.set(operation.key, [operation]);
    else group.push(operation);
  }
  return groups;
}

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { isMoonpoolError, type Executed } from 'moonpool';
import { History, type BegunOperation, type OperationRequest, type OperationWitness } from 'moonpool/simulation';

/** How an operation ended for whoever asked; `open`: its process ended first. */
export type Answer = 'ok' | Executed | 'open';

interface Began extends OperationRequest {
  readonly id: number;
  readonly at: number;
}

interface Ended {
  readonly id: number;
  readonly at: number;
  readonly answer: Exclude<Answer, 'open'>;
  readonly result?: unknown;
  readonly witness?: OperationWitness | undefined;
  /** Of the error: its code, or `none`. */
  readonly code?: string;
  readonly reason?: string;
}

/** Microseconds of the clock that all processes of this machine share, which no step of the wall clock moves. */
export function machineUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/**
 * What one life of a process asked for and what it was answered, each line written before the call is made and before its answer is used: what is written
 * outlives `kill -9` of the process, for the kernel has it.
 */
export class HistoryFile {
  private readonly handle: number;
  private operations = 0;

  constructor(path: string) {
    this.handle = openSync(path, 'ax');
  }

  /** Runs a call as an operation. @returns whether it was answered; its error is written down, and thrown no further. */
  async record<T>(
    request: OperationRequest,
    call: () => Promise<{ readonly result: T; readonly witness: OperationWitness | undefined }>,
  ): Promise<
    { readonly isAnswered: true; readonly result: T } | { readonly isAnswered: false; readonly code: string }
  > {
    const id = this.operations++;
    this.write({ ...request, id, at: machineUs() } satisfies Began);
    try {
      const { result, witness } = await call();
      this.write({ id, at: machineUs(), answer: 'ok', result, witness } satisfies Ended);
      return { isAnswered: true, result };
    } catch (error) {
      const at = machineUs();
      const isOurs = isMoonpoolError(error);
      const code = isOurs ? error.code : 'none';
      const reason = isOurs ? error.detail : String(error);
      this.write({ id, at, answer: isOurs ? error.executed : 'maybe', code, reason } satisfies Ended);
      return { isAnswered: false, code };
    }
  }

  close(): void {
    closeSync(this.handle);
  }

  private write(line: Began | Ended): void {
    writeSync(this.handle, `${JSON.stringify(line)}\n`);
  }
}

/** An operation as its file has it: when it began and ended, by {@link machineUs}. */
export interface TimedOperation {
  /** The index of the operation in the history. */
  readonly index: number;
  readonly client: string;
  readonly key: string;
  /** What was asked: `read`, `append` and so on. */
  readonly kind: string;
  readonly beganAt: number;
  /** Infinite when it is open. */
  endedAt: number;
  answer: Answer;
  code: string | undefined;
}

/** The histories of all processes as one, which the checkers judge, and the times of its operations. */
export interface MergedHistory {
  readonly history: History;
  readonly operations: readonly TimedOperation[];
}

/**
 * Puts the files of all processes together, in the order of the clock that they share. Of what has the same microsecond, beginnings come first: those
 * operations count as concurrent.
 */
export function mergeHistories(paths: readonly string[]): MergedHistory {
  const lines = paths.flatMap((path) => linesOf(path));
  lines.sort((a, b) => a.line.at - b.line.at || Number('answer' in a.line) - Number('answer' in b.line));
  const startedAt = lines[0]?.line.at ?? 0;
  let now = startedAt;
  const history = new History(() => (now - startedAt) / 1_000);
  const begun = new Map<string, { readonly operation: BegunOperation; readonly timed: TimedOperation }>();
  for (const { path, line } of lines) {
    now = line.at;
    const name = `${path} ${line.id}`;
    if (!('answer' in line)) {
      const { id: _, at: beganAt, ...request } = line;
      const index = begun.size;
      const { client, key, operation: kind } = request;
      const open = { answer: 'open', endedAt: Infinity, code: undefined } as const;
      const timed: TimedOperation = { index, client, key, kind, beganAt, ...open };
      begun.set(name, { operation: history.invoke(request), timed });
      continue;
    }
    const found = begun.get(name);
    if (found === undefined) throw new Error(`${path} ends an operation that it has not begun: ${line.id}`);
    Object.assign(found.timed, { endedAt: line.at, answer: line.answer, code: line.code });
    end(found.operation, line);
  }
  return { history, operations: [...begun.values()].map(({ timed }) => timed) };
}

/** `yes` with an error is unknown too: the turn was executed, and whether its error undid what it had changed is for no checker to guess. */
function end(operation: BegunOperation, { answer, result, witness, code, reason }: Ended): void {
  if (answer === 'ok') operation.ok(result, witness);
  else if (answer === 'no') operation.failed(`${code}: ${reason}`);
  else operation.unknown(`${code}: ${reason}`);
}

/** A process that was killed may have written half of its last line. */
function linesOf(path: string): readonly { readonly path: string; readonly line: Began | Ended }[] {
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return whole.map((text) => ({ path, line: JSON.parse(text) as Began | Ended }));
}

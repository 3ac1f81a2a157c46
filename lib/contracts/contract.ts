import { isDeepStrictEqual } from 'node:util';
import { AssertionError } from 'node:assert';

/** Resolves not earlier than after so many milliseconds. */
export type Sleep = (ms: number) => Promise<void>;

/** One promise of a contract, and how it is checked. */
export interface ContractPromise<T> {
  /** As a sentence. */
  readonly title: string;
  /**
   * Rejects when the promise is not kept.
   * @param subject nobody has used it before.
   * @param open opens it once more, as another process of the cluster does.
   * @param sleep waits so many milliseconds of the time in which the subject lives.
   */
  check(subject: T, open: () => Promise<T>, sleep: Sleep): Promise<void>;
}

/** What everybody may rely on who uses one of the parts that can be exchanged. */
export interface Contract<T> {
  /** What it is a contract of: `a state storage`. */
  readonly name: string;
  readonly promises: readonly ContractPromise<T>[];
}

/** @throws AssertionError when they are not deeply the same. @param what the value is, for the message. */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError({ message: what, actual, expected, operator: 'deepStrictEqual', stackStartFn: expectEqual });
}

/** The same of some fields: the others may be whatever they are. */
export function expectFields(
  what: string,
  actual: object | undefined,
  expected: Readonly<Record<string, unknown>>,
): void {
  const fields = actual as Readonly<Record<string, unknown>> | undefined;
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, plain(fields?.[name])]));
  expectEqual(what, found, expected);
}

/** Bytes may be given back as a Buffer, which is what it holds. */
function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? Uint8Array.from(value) : value;
}

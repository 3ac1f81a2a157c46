import { ERROR_CATALOGUE, type ErrorCode } from '../errors/catalogue';
import { MoonpoolError, type Executed } from '../errors/moonpool-error';
import { isolate } from './value-isolation';

/** How many causes behind an error travel with it. */
const MAX_CAUSES = 4;

/** An error as plain data. The stack never travels: it says nothing to the caller and too much to a stranger. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  /** The error's own fields, as far as they are plain data. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: ErrorRecord;
  /** Only of a MoonpoolError. */
  readonly code?: string;
  readonly executed?: Executed;
  readonly remedy?: string;
  readonly detail?: string;
}

const STANDARD_ERRORS: ReadonlyMap<string, new (message: string) => Error> = new Map(
  [Error, TypeError, RangeError, SyntaxError, EvalError, ReferenceError, URIError].map((type) => [type.name, type]),
);

/** The error as data; what was thrown may be anything. */
export function describeError(thrown: unknown, depth = 0): ErrorRecord {
  if (!(thrown instanceof Error)) return { name: 'Error', message: `A value that is no error was thrown: ${String(thrown)}` };
  const cause = thrown.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: describeError(thrown.cause, depth + 1) };
  if (thrown instanceof MoonpoolError) {
    const { name, message, code, executed, remedy, detail } = thrown;
    return { name, message, code, executed, remedy, detail, ...cause };
  }
  const fields = ownFields(thrown);
  return { name: thrown.name, message: thrown.message, ...(fields === undefined ? {} : { fields }), ...cause };
}

/** The error that the record describes, from data that may be anything. */
export function restoreError(data: unknown, depth = 0): Error {
  const record = (typeof data === 'object' && data !== null ? data : {}) as Partial<ErrorRecord>;
  const message = typeof record.message === 'string' ? record.message : 'The error of the called actor could not be read';
  const cause = record.cause === undefined || depth > MAX_CAUSES ? undefined : restoreError(record.cause, depth + 1);
  if (typeof record.code === 'string' && Object.hasOwn(ERROR_CATALOGUE, record.code)) {
    return restoreMoonpoolError(record.code as ErrorCode, record, message, cause);
  }
  const error = new (STANDARD_ERRORS.get(record.name ?? '') ?? Error)(message);
  if (typeof record.name === 'string' && error.name !== record.name) defineHidden(error, 'name', record.name);
  if (cause !== undefined) defineHidden(error, 'cause', cause);
  for (const [key, value] of Object.entries(record.fields ?? {})) {
    if (!(key in error)) Object.defineProperty(error, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return error;
}

function restoreMoonpoolError(code: ErrorCode, record: Partial<ErrorRecord>, message: string, cause: Error | undefined): MoonpoolError {
  const executed = record.executed === 'no' || record.executed === 'yes' ? record.executed : 'maybe';
  const remedy = typeof record.remedy === 'string' ? { remedy: record.remedy } : {};
  const detail = typeof record.detail === 'string' ? record.detail : message;
  const error = new MoonpoolError(code, { message: detail, executed, ...remedy, ...(cause === undefined ? {} : { cause }) });
  // Without a detail the message is all there is, and it has its code and remedy already.
  defineHidden(error, 'message', message);
  return error;
}

function ownFields(error: Error): Record<string, unknown> | undefined {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    if (key === 'name' || key === 'message' || key === 'cause' || key === 'stack') continue;
    try {
      fields[key] = isolate((error as unknown as Record<string, unknown>)[key]);
    } catch {
      // A field that cannot travel is left behind: the error itself is what matters.
    }
  }
  return Object.keys(fields).length === 0 ? undefined : fields;
}

function defineHidden(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, enumerable: false, configurable: true, writable: true });
}

import { ERROR_CATALOGUE, type ErrorCode } from '../errors/catalogue';
import { describeValue } from '../errors/describe-value';
import { isMoonpoolError, MoonpoolError, type Executed } from '../errors/moonpool-error';
import { messageOf, partOf } from '../errors/thrown-value';
import { isDangerousKey } from './value-limits';

/** An error as plain data. The stack never travels: it says nothing to the caller and too much to a stranger. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  /** The standard class that the error is an instance of, where that is not said by its name. */
  readonly type?: string;
  /** The error's own fields. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** An error mostly, which is carried as one; or whatever it was given. */
  readonly cause?: unknown;
  /** Of an AggregateError. */
  readonly errors?: readonly unknown[];
  /** Of a SuppressedError: what was thrown last, and what that has covered. */
  readonly error?: unknown;
  readonly suppressed?: unknown;
  /** Only of a MoonpoolError, as the three below. */
  readonly code?: string;
  readonly executed?: Executed;
  readonly remedy?: string;
  readonly detail?: string;
}

/** Makes an error of a standard class again. */
type Maker = (message: string, record: Partial<ErrorRecord>) => Error;

/** What `using` throws where an end fails after something else has. Node.js 24 and later have it. */
const suppressedError = typeof SuppressedError === 'function' ? SuppressedError : undefined;

const STANDARD_ERRORS: ReadonlyMap<string, { readonly prototype: object; readonly make: Maker }> = new Map([
  ...[Error, TypeError, RangeError, SyntaxError, EvalError, ReferenceError, URIError].map(
    (type) => [type.name, { prototype: type.prototype, make: ((message) => new type(message)) as Maker }] as const,
  ),
  [
    'AggregateError',
    {
      prototype: AggregateError.prototype,
      make: (message, { errors }) => new AggregateError(Array.isArray(errors) ? errors : [], message),
    },
  ] as const,
  [
    'DOMException',
    {
      prototype: DOMException.prototype,
      make: (message, { name }) => new DOMException(message, typeof name === 'string' ? name : 'Error'),
    },
  ] as const,
  ...(suppressedError === undefined
    ? []
    : [
        [
          'SuppressedError',
          {
            prototype: suppressedError.prototype,
            make: ((message, { error, suppressed }) => new suppressedError(error, suppressed, message)) as Maker,
          },
        ] as const,
      ]),
]);

/** What the record says elsewhere, or not at all. */
const NO_FIELDS: ReadonlySet<string> = new Set(['name', 'message', 'cause', 'stack']);
const NO_FIELDS_OF_OURS: ReadonlySet<string> = new Set([...NO_FIELDS, 'code', 'executed', 'remedy', 'detail']);

/**
 * What an error says, with its parts as they are: whoever carries it carries them. Reading it never fails, whatever the error
 * does when it is read.
 */
export function recordOfError(error: Error): ErrorRecord {
  const name = partOf(error, 'name');
  const message = partOf(error, 'message');
  const cause = partOf(error, 'cause');
  const errors = partOf(error, 'errors');
  const type = standardTypeOf(error);
  const isOurs = isMoonpoolError(error);
  const isSuppressed = type === 'SuppressedError';
  const fields = fieldsOf(error, isOurs ? NO_FIELDS_OF_OURS : NO_FIELDS);
  // Anything else under that name is a field like others, as errors of validation have it.
  if (Array.isArray(errors)) delete fields?.['errors'];
  return {
    name: typeof name === 'string' ? name : type,
    message: typeof message === 'string' ? message : messageOf(error),
    ...(type === name || isOurs ? {} : { type }),
    ...(fields === undefined ? {} : { fields }),
    ...(cause === undefined ? {} : { cause }),
    ...(Array.isArray(errors) ? { errors } : {}),
    ...(isSuppressed ? { error: partOf(error, 'error'), suppressed: partOf(error, 'suppressed') } : {}),
    ...(isOurs ? { code: error.code, executed: error.executed, remedy: error.remedy, detail: error.detail } : {}),
  };
}

/**
 * The error that an answer holds, from whatever its bytes were read as. @throws MoonpoolError MALFORMED_PAYLOAD for what is no record of an error: one made up in its
 * place would be taken for what the handler has thrown.
 */
export function errorIn(data: unknown): Error {
  if (typeof partOf(data, 'message') === 'string') return restoreError(data);
  throw new MoonpoolError('MALFORMED_PAYLOAD', {
    message: `What came as an error is none: it was read as ${describeValue(data)}`,
  });
}

/** The error that the record describes, from data that may be anything and whose parts were carried already. */
export function restoreError(data: unknown): Error {
  const record = (typeof data === 'object' && data !== null ? data : {}) as Partial<ErrorRecord>;
  const message =
    typeof record.message === 'string' ? record.message : 'The error of the called actor could not be read';
  const error = restoreClass(record, message);
  if (typeof record.name === 'string' && error.name !== record.name) defineHidden(error, 'name', record.name);
  if (record.cause !== undefined && error.cause !== record.cause) defineHidden(error, 'cause', record.cause);
  for (const part of ['error', 'suppressed'] as const)
    if (Object.hasOwn(record, part) && !(part in error)) defineHidden(error, part, record[part]);
  if (Array.isArray(record.errors) && !(error instanceof AggregateError)) defineHidden(error, 'errors', record.errors);
  for (const [key, value] of Object.entries(record.fields ?? {})) {
    if (!(key in error))
      Object.defineProperty(error, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return error;
}

function restoreClass(record: Partial<ErrorRecord>, message: string): Error {
  const { code, name, type } = record;
  if (typeof code === 'string' && Object.hasOwn(ERROR_CATALOGUE, code))
    return restoreMoonpoolError(code as ErrorCode, record, message);
  const standard = STANDARD_ERRORS.get(typeof type === 'string' ? type : (name ?? ''));
  return standard === undefined ? new Error(message) : standard.make(message, record);
}

function restoreMoonpoolError(code: ErrorCode, record: Partial<ErrorRecord>, message: string): MoonpoolError {
  const executed = record.executed === 'no' || record.executed === 'yes' ? record.executed : 'maybe';
  const remedy = typeof record.remedy === 'string' ? { remedy: record.remedy } : {};
  const detail = typeof record.detail === 'string' ? record.detail : message;
  const error = new MoonpoolError(code, {
    message: detail,
    executed,
    ...remedy,
    isTraceless: true,
    ...(record.cause === undefined ? {} : { cause: record.cause }),
  });
  // Without a detail the message is all there is, and it has its code and remedy already.
  defineHidden(error, 'message', message);
  return error;
}

/** The nearest standard class that the error is made of. */
function standardTypeOf(error: Error): string {
  for (
    let at: unknown = Object.getPrototypeOf(error);
    typeof at === 'object' && at !== null;
    at = Object.getPrototypeOf(at)
  ) {
    for (const [name, { prototype }] of STANDARD_ERRORS) if (prototype === at) return name;
  }
  return standardTypeByName(error);
}

/** Another realm has classes of its own, by the same names. */
function standardTypeByName(error: Error): string {
  for (
    let at: unknown = Object.getPrototypeOf(error);
    typeof at === 'object' && at !== null;
    at = Object.getPrototypeOf(at)
  ) {
    const name = partOf(partOf(at, 'constructor'), 'name');
    if (typeof name === 'string' && STANDARD_ERRORS.has(name)) return name;
  }
  return 'Error';
}

function fieldsOf(error: Error, besides: ReadonlySet<string>): Record<string, unknown> | undefined {
  const fields: Record<string, unknown> = {};
  let count = 0;
  for (const key of keysOf(error)) {
    if (besides.has(key) || isDangerousKey(key)) continue;
    fields[key] = partOf(error, key);
    count++;
  }
  return count === 0 ? undefined : fields;
}

/** A proxy may not tell which it has. */
function keysOf(error: Error): readonly string[] {
  try {
    return Object.keys(error);
  } catch {
    return [];
  }
}

function defineHidden(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, enumerable: false, configurable: true, writable: true });
}

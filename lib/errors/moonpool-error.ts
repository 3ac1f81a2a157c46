import { ERROR_CATALOGUE, type ErrorCode } from './catalogue';
import { visibleLines } from './outside-text';
import { partOf } from './thrown-value';
import { AS_TRANSIENT_AS_THEIR_CAUSES, TRANSIENT_CODES } from './transience';

/**
 * Whether the work that an error speaks of was done: `no` (never, also not later), `maybe` (not at all or once) or
 * `yes` (a turn ran and ended with this error).
 */
export type Executed = 'no' | 'maybe' | 'yes';

/** What a {@link MoonpoolError} is made of. */
export interface MoonpoolErrorDetails {
  /** What happened to whom, and what was found: a sentence without its full stop; it may end with a question. */
  readonly message: string;
  /** Whether the work was done. Default: `no`. */
  readonly executed?: Executed;
  /** The error behind this one. */
  readonly cause?: unknown;
  /** What to do about it, where it is known better than in the catalogue. */
  readonly remedy?: string;
  /**
   * No stack is taken down, which costs more than all else: for errors that are made by the thousand, and by code that says
   * nothing about whoever will catch them, such as a timer's. Default: false.
   */
  readonly isTraceless?: boolean;
}

/**
 * Every error that Moonpool itself raises. `code` says which, `executed` whether the work was done, `remedy` what to do
 * next; the message holds all of it for a reader.
 */
export class MoonpoolError extends Error {
  override readonly name = 'MoonpoolError';
  readonly code: ErrorCode;
  readonly executed: Executed;
  readonly remedy: string;
  /** What happened, without code and remedy: for messages that quote this error. */
  readonly detail: string;
  /** By it an error is known without asking it anything: a proxy or a getter of somebody else may throw when it is asked. */
  // oxlint-disable-next-line no-unused-private-class-members -- it is there to be asked for by `in`
  readonly #isOurs = true;

  constructor(code: ErrorCode, details: MoonpoolErrorDetails) {
    const remedy = details.remedy ?? ERROR_CATALOGUE[code].remedy;
    // It may quote what somebody else has said, and logs and terminals would obey that.
    const message = visibleLines(details.message);
    const { stackTraceLimit } = Error;
    if (details.isTraceless === true) Error.stackTraceLimit = 0;
    super(`${code}: ${ended(message)}${remedy}`, details.cause === undefined ? {} : { cause: details.cause });
    if (details.isTraceless === true) Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.executed = details.executed ?? 'no';
    this.remedy = remedy;
    this.detail = message;
  }

  /**
   * True when the same call may succeed a moment later: what failed it comes and goes with nodes, connections, load or the
   * store. It says nothing about whether the call may be repeated: that is for `executed` and for whoever knows the
   * operation. `HANDLER_FAILED`, `ACTIVATION_FAILED` and `CALL_CANCELLED` are as transient as their causes. See {@link retry}.
   */
  get isTransient(): boolean {
    if (TRANSIENT_CODES.has(this.code)) return true;
    return AS_TRANSIENT_AS_THEIR_CAUSES.has(this.code) && MoonpoolError.isOne(this.cause) && this.cause.isTransient;
  }

  /** True for every error that this class has made. Never throws, whatever it is given. */
  static isOne(value: unknown): value is MoonpoolError {
    return typeof value === 'object' && value !== null && #isOurs in value;
  }
}

/** The message up to its remedy: that follows in the same line, or, behind a list, in one of its own. */
function ended(message: string): string {
  if (message.includes('\n')) return message.endsWith('\n') ? message : `${message}\n`;
  return message.endsWith('?') ? `${message} ` : `${message}. `;
}

/** True for a {@link MoonpoolError}; with `code`, only for that one. Never throws, whatever was thrown. */
export function isMoonpoolError(error: unknown, code?: ErrorCode): error is MoonpoolError {
  return MoonpoolError.isOne(error) && (code === undefined || partOf(error, 'code') === code);
}

import type { ReferenceReader } from '../actor/carried-reference';
import type { Request } from '../calls/request';
import { Deferred } from '../concurrency/deferred';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { TimeProvider } from '../providers/time-provider';
import type { Serializer } from '../serialization/serializer';
import type { NewAnswer } from '../storage/state-commit';
import type { StateStorage } from '../storage/state-storage';
import type { HandlerEnd } from '../turns/handler-end';
import type { Turn } from '../turns/turn';
import { decodeAnswer, digestOf, encodeAnswer, ownerOfAnswer, type CallEnd } from './answer-record';

/** For how long, and how many, answers are remembered. */
export interface AnswerWindow {
  /** In milliseconds. */
  readonly answerWindowMs: number;
  /** Of one actor. */
  readonly keptAnswers: number;
}

/** What remembering needs from its node. */
export interface AnswerParts {
  readonly storage: StateStorage;
  readonly serializer: Serializer;
  readonly time: TimeProvider;
  /** For how long, and how many. */
  readonly options: AnswerWindow;
}

/** A call that is being executed. */
interface ExecutedCall {
  readonly turn: Turn;
  /** Of its arguments as they came: its handler may change them in place. */
  readonly digest: number;
  /** Made when a call waits for its end. */
  ended: Deferred<void> | undefined;
}

/** There may be a thousand for each actor, so they are kept in as little memory as may be. */
interface OwnAnswer {
  /** In whole milliseconds. */
  readonly at: number;
  /** A unit of text for each byte: a buffer of a hundred bytes takes three hundred more, and a part of a pool keeps all of that. */
  readonly record: string;
}

/**
 * The answers of one actor by the keys of their calls. What this activation has answered it knows itself; what those before it have
 * answered, the store is asked for, while that may still be in the window.
 */
export class RememberedAnswers {
  /** The oldest first; undefined until there is one, for most actors are called without keys. */
  private own: Map<string, OwnAnswer> | undefined;
  /** The calls that are being executed, where turns may overlap; undefined until there is one. */
  private executing: Map<string, ExecutedCall> | undefined;
  /** Until then, what earlier activations have answered may be in the window. */
  private earlierUntil = 0;

  constructor(
    private readonly actor: string,
    private readonly references: ReferenceReader,
    private readonly parts: AnswerParts,
  ) {}

  /** @param answers how many the store has ever remembered. */
  claimed(answers: number): void {
    const { time, options } = this.parts;
    this.earlierUntil = answers === 0 ? 0 : time.now() + options.answerWindowMs;
  }

  /**
   * What the call was answered with; undefined when it is to be executed, which it is until {@link end} is called.
   * @throws MoonpoolError CALL_DEADLOCK, IDEMPOTENCY_KEY_REUSED, IDEMPOTENT_CALL_BROKEN, UNSERIALIZABLE_VALUE, and as reading does.
   */
  async recall(key: string, turn: Turn): Promise<HandlerEnd | undefined> {
    const { request } = turn;
    const digest = digestOf(request.method, request.args, this.parts.serializer);
    const executing = (this.executing ??= new Map<string, ExecutedCall>());
    for (let other = executing.get(key); other !== undefined; other = executing.get(key)) {
      // Now and not at its end, which may wait for this very call.
      if (other.digest !== digest) throw reused(callUnder(key, request), 'is being executed');
      other.ended ??= new Deferred();
      await turn.waitBehind(other.turn, other.ended.promise);
    }
    executing.set(key, { turn, digest, ended: undefined });
    try {
      const found = this.find(key);
      const record = found instanceof Promise ? await found : found;
      if (record === undefined) return undefined;
      const answer = this.answerOf(record, { key, digest }, request);
      this.end(key);
      return answer;
    } catch (error) {
      this.end(key);
      throw error;
    }
  }

  /** The call of the key is executed no more. */
  end(key: string): void {
    const call = this.executing?.get(key);
    this.executing?.delete(key);
    call?.ended?.resolve();
  }

  isExecuting(key: string): boolean {
    return this.executing?.has(key) === true;
  }

  /** What is to be written of the end of the call that is being executed. @throws MoonpoolError UNSERIALIZABLE_VALUE */
  remember(key: string, end: CallEnd): NewAnswer {
    const { serializer, time } = this.parts;
    const call = this.executing?.get(key) as ExecutedCall;
    const data = encodeAnswer(ownerOfAnswer(this.actor, key), { digest: call.digest, end }, serializer);
    const own = (this.own ??= new Map<string, OwnAnswer>());
    own.delete(key);
    own.set(key, { at: Math.ceil(time.now()), record: data.toString('latin1') });
    this.forgetOld(own);
    return { key, data };
  }

  /** Nothing was written of the call, whatever it seemed to come to: it is executed again. */
  forget(key: string): void {
    this.own?.delete(key);
  }

  /** The actor was deleted. @param except what is remembered under this key is written with that. */
  clear(except: string | undefined): void {
    const kept = except === undefined ? undefined : this.own?.get(except);
    this.own = except === undefined || kept === undefined ? undefined : new Map([[except, kept]]);
    this.earlierUntil = 0;
  }

  private find(key: string): Promise<Uint8Array | undefined> | Uint8Array | undefined {
    const own = this.own?.get(key);
    if (own !== undefined) return Buffer.from(own.record, 'latin1');
    return this.parts.time.now() >= this.earlierUntil ? undefined : this.stored(key);
  }

  /** What an earlier activation has answered. @throws MoonpoolError STORAGE_UNAVAILABLE, and what the store says */
  private async stored(key: string): Promise<Uint8Array | undefined> {
    try {
      return await this.parts.storage.answer(this.actor, key);
    } catch (error) {
      if (isMoonpoolError(error)) throw error;
      // As it is, it would pass for an error of the handler, which has not run.
      const message = `Whether the call of ${this.actor} under the idempotency key '${key}' was executed before could not be learnt: ${reasonOf(error)}`;
      throw new MoonpoolError('STORAGE_UNAVAILABLE', { message, executed: 'maybe', cause: error });
    }
  }

  private answerOf(
    record: Uint8Array,
    { key, digest }: { readonly key: string; readonly digest: number },
    request: Request,
  ): HandlerEnd {
    const { serializer } = this.parts;
    const { digest: executed, end } = decodeAnswer(ownerOfAnswer(this.actor, key), record, serializer, this.references);
    const call = callUnder(key, request);
    if (digest !== executed) throw reused(call, 'was executed');
    if (end === 'begun')
      throw new MoonpoolError('IDEMPOTENT_CALL_BROKEN', {
        message: `${call} was executed before, in part: what it had written when it called others, or persisted, is durable, and then its node or its handler failed`,
        executed: 'yes',
      });
    return end;
  }

  private forgetOld(own: Map<string, OwnAnswer>): void {
    const { time, options } = this.parts;
    const before = time.now() - options.answerWindowMs;
    for (const [key, { at }] of own) {
      if (at >= before && own.size <= options.keptAnswers) return;
      own.delete(key);
    }
  }
}

function callUnder(key: string, { method, target }: Request): string {
  return `The call ${method} of ${target.path} under the idempotency key '${key}'`;
}

function reused(call: string, what: string): MoonpoolError {
  return new MoonpoolError('IDEMPOTENCY_KEY_REUSED', {
    message: `${call} was refused: another call, or one with other arguments, ${what} under it`,
  });
}

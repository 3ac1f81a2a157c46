import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import { isWellFormed } from '../options/well-formed-text';
import { keyParts, keyText, type ActorKey, type KeyPart } from './actor-key';

/** The longest actor key, in bytes of UTF-8. */
export const MAX_ACTOR_KEY_BYTES = 512;
/** The longest namespace or actor type, in bytes of UTF-8. */
export const MAX_ACTOR_TYPE_BYTES = 128;

// oxlint-disable-next-line no-control-regex -- control characters are what this is to find
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;
/** What most names are made of, with which nothing can be wrong but their length. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * The identity of an actor: namespace, type and key. Without a key it is a static actor, of which each node has one;
 * with a key it is a virtual actor, of which the cluster has at most one activation.
 */
export class ActorId {
  private constructor(
    readonly namespace: string,
    readonly type: string,
    readonly key: string | undefined,
    /** `namespace/type/key`, the form in which an actor id is a key of maps and stores. */
    readonly path: string,
  ) {}

  /**
   * @throws MoonpoolError INVALID_ACTOR_ID when a part is empty, too long, not in NFC, or holds control characters or
   * lone surrogates; namespace and type may not hold a slash either, so that paths stay unambiguous.
   */
  static of(namespace: string, type: string, key?: ActorKey): ActorId {
    return ActorId.in(actorScope(namespace, type), key);
  }

  /** As {@link ActorId.of}, where names were checked before: ids are made by the million. @throws MoonpoolError INVALID_ACTOR_ID */
  static in({ namespace, type, start }: ActorScope, key?: ActorKey): ActorId {
    if (key === undefined) return new ActorId(namespace, type, undefined, `${namespace}/${type}`);
    const text =
      typeof key === 'string'
        ? key
        : keyText(key, (part) => checkText('part of an actor key', part, MAX_ACTOR_KEY_BYTES));
    // Joined, it is one piece from the beginning: of a text of two, which a template makes, the check and each map would have to make one first.
    const path = [start, text].join('');
    // Most keys are seen to be right by a look at the whole path.
    const isPlain = text.length > 0 && text.length * 3 <= MAX_ACTOR_KEY_BYTES && PRINTABLE_ASCII.test(path);
    if (!isPlain) checkPart('actor key', text, MAX_ACTOR_KEY_BYTES);
    return new ActorId(namespace, type, text, path);
  }

  /** The actor id of a path made by {@link ActorId.path}. @throws MoonpoolError INVALID_ACTOR_ID */
  static parse(path: string): ActorId {
    const first = path.indexOf('/');
    const second = first < 0 ? -1 : path.indexOf('/', first + 1);
    if (first < 0) {
      throw new MoonpoolError('INVALID_ACTOR_ID', { message: `The path '${outsideText(path)}' has no actor type` });
    }
    const type = second < 0 ? path.slice(first + 1) : path.slice(first + 1, second);
    return ActorId.of(path.slice(0, first), type, second < 0 ? undefined : path.slice(second + 1));
  }

  /** False when each node has an actor of its own under this id. */
  get hasKey(): boolean {
    return this.key !== undefined;
  }

  /** What the key was made of: the items of a composite key, or the text of any other alone; none for a static actor. */
  get parts(): readonly KeyPart[] {
    return this.key === undefined ? [] : keyParts(this.key);
  }

  toString(): string {
    return this.path;
  }
}

/** What the ids of all actors of a type begin with. */
export interface ActorScope {
  readonly namespace: string;
  readonly type: string;
  /** `namespace/type/` */
  readonly start: string;
}

/** @throws MoonpoolError INVALID_ACTOR_ID, as {@link ActorId.of} does. */
export function actorScope(namespace: string, type: string): ActorScope {
  checkName('namespace', namespace);
  checkName('actor type', type);
  return { namespace, type, start: `${namespace}/${type}/` };
}

/** True when no path and no name can hold the text: it has a control character. */
export function hasControlCharacter(text: string): boolean {
  return CONTROL_CHARACTER.test(text);
}

/** @throws MoonpoolError INVALID_ACTOR_ID unless the text can be a namespace or an actor type. */
export function checkName(what: string, text: string): void {
  checkPart(what, text, MAX_ACTOR_TYPE_BYTES);
  if (text.includes('/')) throw refusal(what, text, 'holds a slash');
}

function checkPart(what: string, text: string, maxBytes: number): void {
  if (typeof text !== 'string')
    throw new MoonpoolError('INVALID_ACTOR_ID', {
      message: `The ${what} is no text; ${describeValue(text)} was given`,
    });
  if (text.length === 0) throw refusal(what, text, 'is empty');
  checkText(what, text, maxBytes);
}

function checkText(what: string, text: string, maxBytes: number): void {
  const objection = objectionToText(text, maxBytes);
  if (objection !== undefined) throw refusal(what, text.length > maxBytes ? text.slice(0, 40) : text, objection);
}

/** Why the text can be no part of an id or a name; undefined when it can. */
export function objectionToText(text: string, maxBytes: number): string | undefined {
  // A UTF-16 unit is at most 3 bytes of UTF-8, so short texts need no count.
  if (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes) return `is longer than ${maxBytes} bytes`;
  if (PRINTABLE_ASCII.test(text)) return undefined;
  if (CONTROL_CHARACTER.test(text)) return 'holds a control character';
  if (!isWellFormed(text)) return 'holds a lone surrogate';
  return text.normalize('NFC') === text ? undefined : 'is not in Unicode normal form C';
}

function refusal(what: string, text: string, why: string): MoonpoolError {
  return new MoonpoolError('INVALID_ACTOR_ID', { message: `The ${what} '${outsideText(text)}' ${why}` });
}

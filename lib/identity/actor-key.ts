import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { messageOf } from '../errors/thrown-value';

/** One part of a composite key. */
export type KeyPart = string | number | bigint | boolean;

/** What `actor(Type, key)` takes as the key of a virtual actor. */
export type ActorKey = string | number | bigint | readonly KeyPart[];

/** A part of a composite key as text: a JSON string, a number, a bigint with its `n`, a boolean. */
const PART = /"(?:[^"\\]|\\.)*"|-?\d+n|-?\d[\d.e+-]*|true|false/y;

/**
 * The canonical text of a key, by which it is stored and compared. A string is its own text. A number or bigint is its
 * decimal text, so that 5, 5n and '5' are one key. A list is written as JSON without spaces, bigints with an `n` behind
 * them: `['eu', 5, 7n, true]` is `["eu",5,7n,true]`, and is the same key as that string. Within a list the types count:
 * `[5]`, `[5n]` and `['5']` are three keys.
 * @throws MoonpoolError INVALID_ACTOR_ID for lists without items, and for numbers that have no exact decimal text.
 */
export function keyText(key: ActorKey, check: (part: string) => void): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' || typeof key === 'bigint') return numberText(key);
  try {
    if (Array.isArray(key)) return listText(key as readonly KeyPart[], check);
  } catch (error) {
    if (isMoonpoolError(error)) throw error;
    throw refusal(`an object that does not let itself be looked at (${messageOf(error)})`);
  }
  throw refusal(`of type ${typeof key}`);
}

/** The parts of a key by its text: those of the list that it was made of, or else the text alone. */
export function keyParts(text: string): readonly KeyPart[] {
  return (text.startsWith('[') && listOf(text)) || [text];
}

function listText(key: readonly KeyPart[], check: (part: string) => void): string {
  if (key.length === 0) throw refusal('an empty list');
  // An item that is left out is none that `map` would look at.
  return `[${Array.from(key, (part) => partText(part, check)).join(',')}]`;
}

function partText(part: KeyPart, check: (part: string) => void): string {
  switch (typeof part) {
    case 'string':
      check(part);
      return JSON.stringify(part);
    case 'number':
      return numberText(part);
    case 'bigint':
      return `${part}n`;
    case 'boolean':
      return String(part);
    default:
      throw refusal(`a list with a part of type ${typeof part}`);
  }
}

function numberText(number: number | bigint): string {
  if (typeof number === 'number') {
    if (!Number.isFinite(number)) throw refusal(`the number ${number}`);
    if (Number.isInteger(number) && !Number.isSafeInteger(number))
      throw refusal(`the number ${number}, which is no exact integer: use a bigint`);
  }
  return String(number);
}

/** Only what this module would write itself is a list: every other text is a string key that happens to begin with a bracket. */
function listOf(text: string): readonly KeyPart[] | undefined {
  const parts: KeyPart[] = [];
  for (let at = 1; ;) {
    PART.lastIndex = at;
    const [found] = PART.exec(text) ?? [];
    const part = found === undefined ? undefined : partOf(found);
    if (found === undefined || part === undefined) return undefined;
    parts.push(part);
    at += found.length;
    if (at === text.length - 1 && text[at] === ']') break;
    if (text[at++] !== ',') return undefined;
  }
  return text === `[${parts.map((part) => partText(part, () => undefined)).join(',')}]` ? parts : undefined;
}

function partOf(text: string): KeyPart | undefined {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text.endsWith('n')) return BigInt(text.slice(0, -1));
  if (!text.startsWith('"')) {
    const number = Number(text);
    return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : undefined;
  }
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}

function refusal(found: string): MoonpoolError {
  return new MoonpoolError('INVALID_ACTOR_ID', {
    message: `An actor key is ${found}`,
    remedy: 'Give a string, a finite number, a bigint, or a list that is not empty of those and booleans.',
  });
}

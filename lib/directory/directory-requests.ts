import type { NodeId } from '../identity/node-id';
import { anyOf, count, mandatory } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import { fieldsOf, isName } from '../services/asked-fields';
import type { Registration } from './actor-directory';
import type { OwnRegistration } from './own-registrations';
import { RangeSet } from './range-set';

/** An operation of the directory, as it travels to the owner of the actor's range. Types and no interfaces, as whatever travels. */
export type DirectoryOperation =
  | { readonly does: 'lookup'; readonly actor: string }
  | {
      readonly does: 'register';
      readonly actor: string;
      readonly candidate: Travelling;
      readonly replaces: string | null;
    }
  | { readonly does: 'unregister'; readonly actor: string; readonly activation: string };

/** A registration as it travels. */
export type Travelling = {
  readonly activation: string;
  readonly name: string;
  readonly incarnation: number;
  readonly address: string;
};

/** A registration of the node that is asked, as it travels. */
export type TravellingOwn = Travelling & {
  readonly actor: string;
  readonly replaces: string | null;
  readonly isDeparting: boolean;
};

/** Asks the owner of the actors' ranges, who is it in the view of this version as far as the asking process knows. */
export type AskRequest = { readonly view: number; readonly operations: readonly DirectoryOperation[] };

/**
 * The answer to one operation: the registration that holds, or null; `refresh`: another node owns the range in the view of the answer; `retry`: the node does not know yet
 * what is in the range.
 */
export type DirectoryAnswer = Travelling | null | 'refresh' | 'retry';
export type AskAnswer = { readonly view: number; readonly answers: readonly DirectoryAnswer[] };

/** The owner of ranges asks what is in them. Which ones is the text of a `RangeSet`. */
export type RangesRequest = {
  readonly name: string;
  readonly incarnation: number;
  readonly view: number;
  readonly ranges: string;
  /** Nobody who could hand the ranges over is left: of those that the asked node cannot hand over, it reports its own activations. */
  readonly restores: boolean;
};

/** Of ranges that are missing more may be asked for, unless the view is newer than that of the request: then look whose they are. */
export type RangesAnswer = {
  readonly view: number;
  /** The ranges that the asked node has held, as the text of a `RangeSet`: the registrations are all that is in them. */
  readonly whole: string;
  /** Those of which it tells its own activations. */
  readonly own: string;
  readonly registrations: readonly TravellingOwn[];
};

const name = mandatory(anyOf('a text that is not empty', isName));
const number = mandatory(count(0));
const list = mandatory(anyOf('a list', Array.isArray));
const rangeSet = mandatory(anyOf('the text of a set of ranges', RangeSet.isText));

/** @throws MoonpoolError INVALID_OPTION */
export function askRequestIn(value: unknown): AskRequest {
  const { view, operations } = fieldsOf<AskRequest>(value);
  checkArguments('a request to the directory', { view: [number, view], operations: [list, operations] });
  for (const operation of operations as readonly unknown[]) checkOperation(operation);
  return { view, operations } as AskRequest;
}

function checkOperation(value: unknown): void {
  const { does, actor, candidate, activation } = fieldsOf<{
    does: unknown;
    actor: unknown;
    candidate: unknown;
    activation: unknown;
  }>(value);
  checkArguments('a request to the directory', { actor: [name, actor] });
  if (does === 'register') checkTravelling(candidate);
  else if (does === 'unregister') checkArguments('a request to the directory', { activation: [name, activation] });
  else
    checkArguments('a request to the directory', { does: [anyOf('lookup, register or unregister', isLookup), does] });
}

const isLookup = (value: unknown): boolean => value === 'lookup';

function checkTravelling(value: unknown): void {
  const { activation, name: node, incarnation, address } = fieldsOf<Travelling>(value);
  checkArguments('a registration', {
    activation: [name, activation],
    name: [name, node],
    incarnation: [number, incarnation],
    address: [name, address],
  });
}

/** @throws MoonpoolError INVALID_OPTION */
export function askAnswerIn(value: unknown, expected: number): AskAnswer {
  const { view, answers } = fieldsOf<AskAnswer>(value);
  const complete = anyOf(`a list of ${expected}`, (given) => Array.isArray(given) && given.length === expected);
  checkArguments('an answer of the directory', { view: [number, view], answers: [mandatory(complete), answers] });
  for (const answer of answers as readonly unknown[])
    if (answer !== null && answer !== 'refresh' && answer !== 'retry') checkTravelling(answer);
  return { view, answers } as AskAnswer;
}

/** @throws MoonpoolError INVALID_OPTION */
export function rangesRequestIn(value: unknown): RangesRequest {
  const { name: node, incarnation, view, ranges, restores } = fieldsOf<RangesRequest>(value);
  checkArguments('a request for ranges of the directory', {
    name: [name, node],
    incarnation: [number, incarnation],
    view: [number, view],
    ranges: [rangeSet, ranges],
  });
  return { name: node, incarnation, view, ranges, restores: restores === true } as RangesRequest;
}

/** @throws MoonpoolError INVALID_OPTION */
export function rangesAnswerIn(value: unknown): RangesAnswer {
  const { view, whole, own, registrations } = fieldsOf<RangesAnswer>(value);
  checkArguments('an answer about ranges of the directory', {
    view: [number, view],
    whole: [rangeSet, whole],
    own: [rangeSet, own],
    registrations: [list, registrations],
  });
  for (const registration of registrations as readonly unknown[]) {
    checkArguments('a registration', { actor: [name, fieldsOf<TravellingOwn>(registration).actor] });
    checkTravelling(registration);
  }
  return { view, whole, own, registrations } as RangesAnswer;
}

export function travelling({ activation, node, address }: Registration): Travelling {
  return { activation, name: node.name, incarnation: node.incarnation, address };
}

export function travellingOwn(own: OwnRegistration): TravellingOwn {
  const { actor, replaces = null, isDeparting = false } = own;
  return { ...travelling(own), actor, replaces, isDeparting };
}

export function arrived(actor: string, { activation, name: node, incarnation, address }: Travelling): Registration {
  const id: NodeId = { name: node, incarnation };
  return { actor, activation, node: id, address };
}

export function arrivedOwn(own: TravellingOwn): OwnRegistration {
  const { actor, replaces, isDeparting } = own;
  return { ...arrived(actor, own), replaces: replaces ?? undefined, isDeparting };
}

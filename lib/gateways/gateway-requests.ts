import { anyOf, count, flag, list, mandatory } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import { fieldsOf, isName } from '../services/asked-fields';
import type { DeliveryQuery, NewDelivery, NextDelivery, Settlement } from '../storage/stored-delivery';
import type { ActorQuery } from '../storage/stored-state';

/** How many records a client asks for at a time, or gives. */
const MOST_AT_ONCE = 1_000;

const path = mandatory(anyOf('a text that is not empty', isName));
const limit = mandatory(count(1, MOST_AT_ONCE));
const after = anyOf('a text', (value) => typeof value === 'string');
const messages = mandatory(list('a list of messages', anyOf('a message { id, target, slot, due, data }', isMessage)));
const next = anyOf('{ due, data }', isNext);

/** The path that was asked for. @throws MoonpoolError INVALID_OPTION */
export function pathIn(value: unknown): string {
  checkArguments('the gateway', { path: [path, value] });
  return value as string;
}

/** @throws MoonpoolError INVALID_OPTION */
export function pathsIn(value: unknown): readonly string[] {
  checkArguments('the gateway', { paths: [mandatory(anyOf('a list of paths', Array.isArray)), value] });
  return (value as readonly unknown[]).map(pathIn);
}

/** @throws MoonpoolError INVALID_OPTION */
export function actorQueryIn(value: unknown): ActorQuery {
  const given = fieldsOf<ActorQuery>(value);
  checkArguments('the gateway', {
    prefix: [path, given.prefix],
    limit: [limit, given.limit],
    after: [after, given.after],
  });
  const { prefix, limit: most } = given as ActorQuery;
  return given.after === undefined ? { prefix, limit: most } : { prefix, limit: most, after: given.after };
}

/** @throws MoonpoolError INVALID_OPTION */
export function messagesIn(value: unknown): readonly NewDelivery[] {
  checkArguments('the gateway', { messages: [messages, value] });
  return (value as readonly NewDelivery[]).map(({ id, target, slot, due, data }) => ({ id, target, slot, due, data }));
}

/** @throws MoonpoolError INVALID_OPTION */
export function deliveryQueryIn(value: unknown): DeliveryQuery {
  const given = fieldsOf<DeliveryQuery>(value);
  checkArguments('the gateway', {
    limit: [limit, given.limit],
    target: [anyOf('a path', isName), given.target],
    after: [after, given.after],
    onlyDead: [flag(), given.onlyDead],
  });
  return {
    limit: given.limit as number,
    ...(given.target === undefined ? {} : { target: given.target }),
    ...(given.after === undefined ? {} : { after: given.after }),
    ...(given.onlyDead === true ? { onlyDead: true } : {}),
  };
}

/** @throws MoonpoolError INVALID_OPTION */
export function settlementIn(value: unknown): Settlement {
  const given = fieldsOf<Settlement>(value);
  checkArguments('the gateway', {
    id: [path, given.id],
    version: [mandatory(count(0)), given.version],
    next: [next, given.next],
  });
  const { id, version } = given as Settlement;
  if (given.next === undefined) return { id, version };
  const { due, data } = given.next;
  return { id, version, next: { due, data } };
}

function isMessage(value: unknown): boolean {
  const { id, target, slot, due, data } = fieldsOf<NewDelivery>(value);
  const isSlot = Number.isInteger(slot) && (slot as number) >= 0 && (slot as number) < 2 ** 32;
  return isName(id) && isName(target) && isSlot && isDue(due) && data instanceof Uint8Array;
}

function isNext(value: unknown): boolean {
  const { due, data } = fieldsOf<NextDelivery>(value);
  return (due === 'never' || isDue(due)) && data instanceof Uint8Array;
}

function isDue(value: unknown): boolean {
  const { inMs, at } = fieldsOf<{ readonly inMs: unknown; readonly at: unknown }>(value);
  return Number.isFinite(inMs) !== Number.isFinite(at);
}

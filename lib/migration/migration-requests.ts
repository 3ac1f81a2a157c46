import type { NodeId } from '../identity/node-id';
import { anyOf, mandatory, type OptionKind } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import { fieldsOf, isName } from '../services/asked-fields';

/** The node to which an actor is to move: by its name and incarnation, or by the address on which it listens. */
export type MoveTarget = NodeId | string;

/** An actor that a node asks another one to take over. A type and no interface, as whatever travels. */
export type LeavingActor = {
  readonly path: string;
  /** The activation that has stopped, which the new one replaces in the directory. */
  readonly activation: string;
  /** Where it can be asked for what it hands over. */
  readonly address: string;
};

/** The answer of a node that has taken an actor over. */
export type AdoptedActor = {
  /** The new activation. */
  readonly activation: string;
  /** The node that has it. */
  readonly name: string;
  readonly incarnation: number;
  /** What the old activation handed over has arrived. Otherwise the actor was made without it. */
  readonly isCarried: boolean;
};

/** What an activation that has stopped hands over. */
export type HandedOver = {
  /** False: it waits for its move no more, and whoever goes on begins without it. */
  readonly isWaiting: boolean;
  /** The bytes of its volatile state; null when it has none. */
  readonly state: Uint8Array | null;
};

/** Asks for an actor to be moved. */
export type MoveRequest = { readonly path: string; readonly to: MoveTarget | null };

const name = mandatory(anyOf('a text that is not empty', isName));

/** Whether a value says to which node an actor is to move. */
export const moveTarget: OptionKind<unknown> = anyOf('a node { name, incarnation } or its address', isMoveTarget);

/** The path that was named. @throws MoonpoolError INVALID_OPTION */
export function actorIn(value: unknown): string {
  checkArguments('a migration', { path: [name, value] });
  return value as string;
}

/** @throws MoonpoolError INVALID_OPTION */
export function activationIn(value: unknown): string {
  checkArguments('a migration', { activation: [name, value] });
  return value as string;
}

/** @throws MoonpoolError INVALID_OPTION */
export function leavingActorIn(value: unknown): LeavingActor {
  const { path, activation, address } = fieldsOf<LeavingActor>(value);
  checkArguments('a migration', { path: [name, path], activation: [name, activation], address: [name, address] });
  return { path, activation, address } as LeavingActor;
}

/** @throws MoonpoolError INVALID_OPTION */
export function adoptedActorIn(value: unknown): AdoptedActor {
  const { activation, name: node, incarnation, isCarried } = fieldsOf<AdoptedActor>(value);
  checkArguments('the answer to a migration', {
    activation: [name, activation],
    to: [mandatory(moveTarget), { name: node, incarnation }],
  });
  return { activation, name: node, incarnation, isCarried: isCarried === true } as AdoptedActor;
}

/** @throws MoonpoolError INVALID_OPTION */
export function handedOverIn(value: unknown): HandedOver {
  const { isWaiting, state = null } = fieldsOf<HandedOver>(value);
  const bytes = anyOf('bytes or null', (given) => given === null || given instanceof Uint8Array);
  checkArguments('the answer to a migration', { state: [bytes, state] });
  return { isWaiting: isWaiting === true, state };
}

/** @throws MoonpoolError INVALID_OPTION */
export function moveRequestIn(value: unknown): MoveRequest {
  const { path, to = null } = fieldsOf<MoveRequest>(value);
  checkArguments('a migration', { path: [name, path], to: [moveTarget, to ?? undefined] });
  return { path: path as string, to };
}

function isMoveTarget(value: unknown): boolean {
  if (isName(value)) return true;
  const { name: node, incarnation } = fieldsOf<NodeId>(value);
  return isName(node) && Number.isSafeInteger(incarnation);
}

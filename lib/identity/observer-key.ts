import type { NodeId } from './node-id';

/** The key of an observer says in which process its object lives: `name#incarnation!number`. */
const OBSERVER_KEY = /^(.+)#(\d+)!\d+$/;

/** @param number tells the observers of one process apart. */
export function observerKey({ name, incarnation }: NodeId, number: number): string {
  return `${name}#${incarnation}!${number}`;
}

/** The process in which the object lives; undefined when this is no key of an observer. */
export function observerHome(key: string): NodeId | undefined {
  const match = OBSERVER_KEY.exec(key);
  return match === null ? undefined : { name: match[1] as string, incarnation: Number(match[2]) };
}

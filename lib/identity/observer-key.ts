import { formatNodeId, type NodeId } from './node-id';

/** The process in which the object of an observer lives. */
export interface ObserverHome {
  readonly node: NodeId;
  /** Leads to that process alone: another one may greet with the same name and incarnation, but not with a session of this mark. */
  readonly mark: string;
}

/** The key of an observer says in which process its object lives: `name#incarnation.mark!number`. */
const OBSERVER_KEY = /^(.+)#(\d+)\.([0-9a-f]{16})!\d+$/;

/** @param number tells the observers of one process apart. */
export function observerKey(home: ObserverHome, number: number): string {
  return `${formatHome(home)}!${number}`;
}

/** The process in which the object lives; undefined when this is no key of an observer. */
export function observerHome(key: string): ObserverHome | undefined {
  const match = OBSERVER_KEY.exec(key);
  return match === null
    ? undefined
    : { node: { name: match[1] as string, incarnation: Number(match[2]) }, mark: match[3] as string };
}

/** The form in which a home is a key of maps. */
export function formatHome({ node, mark }: ObserverHome): string {
  return `${formatNodeId(node)}.${mark}`;
}

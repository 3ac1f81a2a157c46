import type { ProcessOrder } from './chaos-process';
import type { Cut } from './network-cut';

/** The networks that a campaign knows, and what each is. */
export const NETWORK_KINDS = {
  proxies: 'a TCP proxy in front of each node: connections break or are held up',
  namespaces: 'a network namespace for each process: packets are lost in the kernel, and cables are pulled',
} as const;

export type NetworkKind = keyof typeof NETWORK_KINDS;

/** How a process is started, and where a node listens and is reached. */
export interface NetworkPlace {
  /** The program and what precedes the options of Node.js. */
  readonly command: readonly [program: string, ...before: string[]];
  /** Undefined: a client. */
  readonly node?: Required<ProcessOrder>['place'];
}

/** The cable between a process and all others, the database server among them. */
export interface Cable {
  unplug(): void;
  plug(): void;
}

/** What lies between the processes of a campaign. */
export interface ChaosNetwork {
  readonly kind: NetworkKind;
  /** The address at which processes reach a port that the campaign itself has opened. */
  readonly host: string;
  /** Makes room for a process, once. @param folder where a node may have a socket. */
  place(name: string, role: 'node' | 'client', folder: string): Promise<NetworkPlace>;
  /** Undefined: there are none in this network. */
  cableOf(name: string): Cable | undefined;
  begin(cut: Cut): void;
  end(cut: Cut): void;
  /** Ends all cuts, and plugs in all cables. */
  heal(): void;
  close(): Promise<void>;
}

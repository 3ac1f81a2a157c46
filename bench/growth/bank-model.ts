import { Station } from './station';
import { VirtualClock } from './virtual-clock';

/** What a cluster is made of, and what its parts take. Times in milliseconds. */
export interface BankModelSetting {
  readonly nodes: number;
  /** Processors of the database server. */
  readonly serverProcessors: number;
  /** Transfers that are under way for each node at a time. */
  readonly inFlight: number;
  /** What a transfer takes of the thread of its nodes. */
  readonly nodeMs: number;
  /** What it takes more when its two accounts are on different nodes. */
  readonly hopMs: number;
  /** What a commit takes of a processor of the server; a transfer has two. */
  readonly commitMs: number;
  /** How long one sync of the server's log takes. */
  readonly syncMs: number;
  /** How long a message takes from one machine to another. */
  readonly tripMs: number;
  /** How many commits of a node travel together at most. */
  readonly together: number;
}

export interface BankModelResult {
  /** Transfers a second. */
  readonly throughput: number;
  /** Which share of its time each part was busy. */
  readonly busy: { readonly nodes: number; readonly server: number };
}

/** The log of the server: what waits while it is synced goes together with the next sync, whoever has written it. */
class SyncedLog {
  private waiting: (() => void)[] = [];
  private isBusy = false;

  constructor(
    private readonly clock: VirtualClock,
    private readonly syncMs: number,
  ) {}

  sync(done: () => void): void {
    this.waiting.push(done);
    if (!this.isBusy) this.begin();
  }

  private begin(): void {
    const together = this.waiting;
    this.waiting = [];
    this.isBusy = together.length > 0;
    if (!this.isBusy) return;
    this.clock.after(this.syncMs, () => {
      for (const done of together) done();
      this.begin();
    });
  }
}

/** A node: one thread, and one connection on which its commits travel in groups, the next when the last has been answered. */
class ModelledNode {
  readonly thread: Station;
  private waiting: (() => void)[] = [];
  private isUnderWay = false;

  constructor(
    private readonly clock: VirtualClock,
    private readonly setting: BankModelSetting,
    private readonly server: Station,
    private readonly log: SyncedLog,
  ) {
    this.thread = new Station(clock, 1);
  }

  commit(done: () => void): void {
    this.waiting.push(done);
    if (!this.isUnderWay) this.send();
  }

  private send(): void {
    const { commitMs, tripMs, together } = this.setting;
    const group = this.waiting.splice(0, together);
    this.isUnderWay = group.length > 0;
    if (!this.isUnderWay) return;
    const answered = (): void => {
      for (const done of group) done();
      this.send();
    };
    this.clock.after(tripMs, () =>
      this.server.serve(group.length * commitMs, () => this.log.sync(() => this.clock.after(tripMs, answered))),
    );
  }
}

/**
 * The bank on many machines and one PostgreSQL, as a network of queues: a transfer is a turn and a commit on the node of one account, and then a turn and a commit on that of the other.
 * @param seconds of virtual time, after one in which it fills.
 */
export function runBankModel(setting: BankModelSetting, seconds: number): BankModelResult {
  const { nodes: count, serverProcessors, inFlight, nodeMs, hopMs, syncMs, tripMs } = setting;
  const clock = new VirtualClock();
  const [server, log] = [new Station(clock, serverProcessors), new SyncedLog(clock, syncMs)];
  const nodes = Array.from({ length: count }, () => new ModelledNode(clock, setting, server, log));
  let made = 0;
  let turn = 0;
  const transfer = (from: ModelledNode): void => {
    // The other account is as often on each of the nodes.
    const to = nodes[turn++ % count] as ModelledNode;
    const isNear = to === from;
    const stepMs = nodeMs / 2 + (isNear ? 0 : hopMs / 2);
    from.thread.serve(stepMs, () =>
      from.commit(() => {
        made++;
        transfer(from);
        clock.after(isNear ? 0 : tripMs, () => to.thread.serve(stepMs, () => to.commit(() => undefined)));
      }),
    );
  };
  for (const node of nodes) for (let index = 0; index < inFlight; index++) transfer(node);
  const busy = (): readonly number[] => [
    nodes.reduce((sum, { thread }) => sum + thread.busyMs, 0) / count,
    server.busyMs / serverProcessors,
  ];
  clock.runUntil(1_000);
  const [before, madeBefore] = [busy(), made];
  clock.runUntil(1_000 + seconds * 1_000);
  const [ofNodes = 0, ofServer = 0] = busy().map((each, index) => (each - (before[index] ?? 0)) / (seconds * 1_000));
  return { throughput: (made - madeBefore) / seconds, busy: { nodes: ofNodes, server: ofServer } };
}

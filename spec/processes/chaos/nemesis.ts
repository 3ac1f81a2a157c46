import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosFleet } from './chaos-fleet';
import type { Fault, FaultKind } from './fault-plan';
import { machineUs } from './history-file';
import type { CampaignStore } from './campaign-store';
import type { ChaosNetwork } from './chaos-network';

/** A fault that was done, with the microseconds of the machine's clock between which it lasted. */
export interface DoneFault {
  readonly fault: Fault;
  readonly beganAt: number;
  readonly endedAt: number;
}

/** What a nemesis acts on. */
export interface NemesisParts {
  readonly fleet: ChaosFleet;
  readonly network: ChaosNetwork;
  readonly store: CampaignStore;
  readonly onFault: (done: DoneFault) => void;
  /** Is asked before each fault. */
  readonly isStopped: () => boolean;
}

/** Carries out a plan. Faults overlap as planned, but for two of one kind. */
export class Nemesis {
  readonly done: DoneFault[] = [];
  /** What nodes said that did not end in order, as sentences. */
  readonly problems: string[] = [];
  private readonly latest = new Map<FaultKind, Promise<void>>();

  constructor(private readonly parts: NemesisParts) {}

  /** Resolves when all faults are over, and all processes run again. */
  async run(plan: readonly Fault[]): Promise<void> {
    const startedAt = performance.now();
    for (const fault of plan) {
      await sleep(Math.max(0, startedAt + fault.atMs - performance.now()));
      if (this.parts.isStopped()) break;
      const before = this.latest.get(fault.kind);
      this.latest.set(
        fault.kind,
        Promise.resolve(before).then(() => this.note(fault)),
      );
    }
    await Promise.all(this.latest.values());
    this.parts.network.heal();
    await this.parts.fleet.allRun();
  }

  private async note(fault: Fault): Promise<void> {
    const beganAt = machineUs();
    if (!(await this.carryOut(fault))) return;
    const done = { fault, beganAt, endedAt: machineUs() };
    this.done.push(done);
    this.parts.onFault(done);
  }

  /** @returns false when there was nothing to do it to: a process that is down is not killed. */
  private async carryOut(fault: Fault): Promise<boolean> {
    const { fleet, network, store } = this.parts;
    switch (fault.kind) {
      case 'kill':
        return fleet.kill(fault.node, fault.downMs);
      case 'stop':
        if (!fleet.pause(fault.node)) return false;
        await sleep(fault.forMs);
        fleet.resume(fault.node);
        return true;
      case 'cut':
      case 'stall':
        network.begin(fault.cut);
        await sleep(fault.forMs);
        network.end(fault.cut);
        return true;
      case 'loss':
        for (const { lostMs, quietMs } of fault.bursts) {
          network.begin(fault.cut);
          await sleep(lostMs);
          network.end(fault.cut);
          await sleep(quietMs);
        }
        return true;
      case 'unplug': {
        const cable = network.cableOf(fault.node);
        cable?.unplug();
        await sleep(fault.forMs);
        cable?.plug();
        return cable !== undefined;
      }
      case 'clock':
        fleet.setWallClock(fault.node, fault.byMs);
        await sleep(fault.forMs);
        fleet.setWallClock(fault.node, 0);
        return true;
      case 'restart':
        await this.restart(fault.nodes);
        return true;
      case 'store': {
        const proxy = store.proxyOf(fault.node);
        proxy?.stall();
        await sleep(fault.forMs);
        proxy?.resume();
        return proxy !== undefined;
      }
      case 'server':
        await store.server?.killAll();
        await sleep(fault.downMs);
        await store.server?.start();
        return store.server !== undefined;
    }
  }

  private async restart(nodes: readonly string[]): Promise<void> {
    for (const node of nodes) {
      const problem = await this.parts.fleet.restart(node);
      if (problem !== undefined) this.problems.push(problem);
    }
  }
}

import { MoonpoolError } from '../../errors/moonpool-error';
import type { TaskProvider } from '../../providers/task-provider';
import { never, type NodeLife } from '../engine/node-life';
import type { World } from '../engine/world';

/** Tasks of a simulated node. A task that fails is a failure of the run: production would only have logged it. */
export class SimulatedTaskProvider implements TaskProvider {
  private deferred: (() => void)[] = [];

  constructor(
    private readonly world: World,
    private readonly life: NodeLife,
  ) {}

  spawn(name: string, work: () => Promise<void>): void {
    if (this.life.refuses()) return;
    work().catch((cause: unknown) => {
      const message = `The task '${name}' of ${this.life.toString()} failed: ${cause instanceof Error ? cause.message : String(cause)}`;
      if (!this.life.isOver) this.world.fail(new MoonpoolError('SIMULATION_FAILED', { message, cause }));
    });
  }

  defer(callback: () => void): void {
    if (this.life.refuses()) return;
    if (this.deferred.push(callback) === 1) this.world.schedule(this.life, 0, 'defer', () => this.runDeferred());
  }

  yield(): Promise<void> {
    if (this.life.refuses()) return never();
    return new Promise((resolve) => {
      this.world.schedule(this.life, 0, 'yield', resolve);
    });
  }

  private runDeferred(): void {
    const callbacks = this.deferred;
    this.deferred = [];
    for (const callback of callbacks) callback();
  }
}

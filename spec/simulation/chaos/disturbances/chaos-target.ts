import type { ChaosTarget } from '../../../../lib/simulation/chaos/disturbances/disturbance';

/** A cluster of five nodes that only notes what is done to it. */
export class NotedTarget implements ChaosTarget {
  readonly nodeNames = ['node1', 'node2', 'node3', 'node4', 'node5'];
  readonly nodeCount = 5;
  readonly clientNames: readonly string[] = [];
  readonly done: (readonly [verb: string, node: string, figure?: number])[] = [];
  readonly down = new Set<string>();
  /** The most nodes that were down at once. */
  mostDown = 0;

  constructor(readonly maxDead = Infinity) {}

  get nodesOn(): readonly string[] {
    return this.nodeNames.filter((node) => !this.down.has(node));
  }

  /** How often something was done. */
  count(verb: string): number {
    return this.done.filter(([done]) => done === verb).length;
  }

  crashNode(node: string): void {
    this.takeDown('crash', node);
  }

  wipeNode(node: string): void {
    this.takeDown('wipe', node);
  }

  async shutdownNode(node: string): Promise<void> {
    this.takeDown('shutdown', node);
  }

  restartNode(node: string): void {
    this.done.push(['restart', node]);
    this.down.delete(node);
  }

  pauseNode(node: string, forMs: number): void {
    this.done.push(['pause', node, forMs]);
  }

  stepClock(node: string, byMs: number): void {
    this.done.push(['step', node, byMs]);
  }

  private takeDown(verb: string, node: string): void {
    this.done.push([verb, node]);
    this.down.add(node);
    this.mostDown = Math.max(this.mostDown, this.down.size);
  }
}

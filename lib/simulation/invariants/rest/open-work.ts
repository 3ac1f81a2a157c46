import type { MoonpoolError } from '../../../errors/moonpool-error';
import {
  brokenInvariant,
  type ObservedProcess,
  type ObservedRun,
  type RunObserver,
} from '../../observation/run-observer';
import type { TimelineEvent } from '../../timeline/timeline';
import { formatTime } from '../../timeline/virtual-time';

/** How many lines a report of what is waited for has at most. */
const SHOWN = 20;

/** Which calls and turns have begun and not ended: who waits for what when a run cannot go on. */
export class OpenWork implements RunObserver {
  private readonly calls = new Map<string, TimelineEvent>();
  private readonly turns = new Map<string, TimelineEvent>();
  /** Every process that has made a call. */
  private readonly callers = new Set<string>();

  private run: ObservedRun | undefined;

  attach(run: ObservedRun): void {
    const { engine } = run;
    this.run = run;
    engine.timeline.listen((event) => this.observe(event), ['call', 'call-end', 'turn-start', 'turn-end', 'death']);
    engine.reportsWaits(() => this.describe());
  }

  observe(event: TimelineEvent): void {
    const { name, fields } = event;
    if (name === 'call') {
      this.calls.set(String(fields['call']), event);
      this.callers.add(event.node);
    } else if (name === 'call-end') this.calls.delete(String(fields['call']));
    else if (name === 'turn-start') this.turns.set(turnOf(event), event);
    else if (name === 'turn-end') this.turns.delete(turnOf(event));
    else if (name === 'death') this.forget(event.node, event.generation);
  }

  /** What is wrong with the tables of pending calls: a node keeps those of its calls that have not ended, all of them and nothing else. */
  findFault(): MoonpoolError | undefined {
    const leak = this.findLeak(this.run?.processes.running() ?? []);
    return leak === undefined ? undefined : brokenInvariant('pending calls', leak);
  }

  private findLeak(processes: readonly ObservedProcess[]): string | undefined {
    const open = new Map<string, number>();
    for (const { node } of this.calls.values()) open.set(node, (open.get(node) ?? 0) + 1);
    for (const name of this.callers) {
      const pending = pendingOf(processes.find((running) => running.name === name));
      const expected = open.get(name) ?? 0;
      if (pending !== undefined && pending !== expected)
        return `${name} keeps ${pending} pending calls, and ${expected} of its calls have not ended`;
    }
    return undefined;
  }

  /** True when no call and no turn is under way. */
  get isEmpty(): boolean {
    return this.calls.size === 0 && this.turns.size === 0;
  }

  /**
   * The calls that were made outside of any turn in processes that the test has in its hands, and have not ended: in lines. Those by which such a process
   * brings what was delivered are its own.
   */
  callsOf(isOfTest: (node: string) => boolean): readonly string[] {
    const isCalled = ({ node, fields }: TimelineEvent): boolean =>
      fields['turn'] === undefined && fields['delivery'] === undefined && isOfTest(node);
    const calls = [...this.calls.values()].filter(isCalled);
    return calls.map(lineOf);
  }

  describe(): readonly string[] {
    const calls = [...this.calls.values()].map(lineOf);
    const turns = [...this.turns.values()].map(({ node, at, fields }) => {
      return `${String(fields['actor'])} on ${node} in its turn ${String(fields['method'])}, begun at ${formatTime(at)}`;
    });
    const lines = [...calls, ...turns];
    return lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more`];
  }

  /** Nobody waits any more in a life that has ended. */
  private forget(node: string, generation: number): void {
    for (const work of [this.calls, this.turns]) {
      for (const [key, event] of work) if (event.node === node && event.generation === generation) work.delete(key);
    }
  }
}

function lineOf({ node, at, fields }: TimelineEvent): string {
  return `${node} for the answer of ${String(fields['method'])} of ${String(fields['actor'])}, called at ${formatTime(at)}`;
}

/** How many calls a process keeps; undefined while it does not run. */
function pendingOf(running: ObservedProcess | undefined): number | undefined {
  const calls = running?.registry.read('calls');
  return typeof calls === 'object' && calls !== null && 'pending' in calls ? Number(calls['pending']) : undefined;
}

function turnOf({ fields }: TimelineEvent): string {
  return `${String(fields['activation'])} ${String(fields['turn'])}`;
}

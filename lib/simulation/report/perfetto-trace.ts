import type { TimelineEvent } from '../timeline/timeline';

/** An entry of the trace event format, as ui.perfetto.dev and chrome://tracing open it; times are in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'i' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly s?: 't' | 'p' | 'g';
  readonly cat?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

interface OpenTurn {
  readonly event: TimelineEvent;
  readonly pid: number;
  readonly tid: number;
}

const WORLD = 'world';

/**
 * Gathers the timeline of a run as a trace: a process for each node, in it a track for each actor with its turns as bars,
 * and a track of what else happened there; faults stand in the world's. Turns that never ended last to the end.
 */
export class PerfettoTrace {
  private readonly entries: TraceEvent[] = [];
  private readonly processes = new Map<string, number>();
  private readonly tracks = new Map<string, number>();
  private readonly turns = new Map<string, OpenTurn>();
  private lastAt = 0;

  add(event: TimelineEvent): void {
    const { name, fields, at, node, generation } = event;
    this.lastAt = at;
    const pid = this.process(node === '' ? WORLD : node);
    if (name === 'turn-start') {
      this.turns.set(turnKey(event), { event, pid, tid: this.track(pid, String(fields['actor'])) });
      return;
    }
    if (name === 'turn-end') {
      const turn = this.turns.get(turnKey(event));
      this.turns.delete(turnKey(event));
      if (turn !== undefined) this.entries.push(this.bar(turn, at, fields['outcome']));
      return;
    }
    if (name === 'death') this.endTurns(node, generation, at);
    const tid = this.track(pid, node === '' ? name : 'events');
    const title = name === 'fault' ? String(fields['name']) : name;
    this.entries.push({
      name: title,
      ph: 'i',
      s: 't',
      cat: name,
      pid,
      tid,
      ts: at * 1_000,
      args: { ...fields, sequence: event.sequence },
    });
  }

  toJSON(): { readonly traceEvents: readonly TraceEvent[]; readonly displayTimeUnit: 'ms' } {
    const open = [...this.turns.values()].map((turn) => this.bar(turn, this.lastAt, 'unfinished'));
    return { traceEvents: [...this.entries, ...open], displayTimeUnit: 'ms' };
  }

  private endTurns(node: string, generation: number, at: number): void {
    for (const [key, turn] of this.turns) {
      if (turn.event.node !== node || turn.event.generation !== generation) continue;
      this.turns.delete(key);
      this.entries.push(this.bar(turn, at, 'died'));
    }
  }

  private bar({ event, pid, tid }: OpenTurn, endAt: number, outcome: unknown): TraceEvent {
    const args = { ...event.fields, outcome };
    return {
      name: String(event.fields['method']),
      ph: 'X',
      cat: 'turn',
      pid,
      tid,
      ts: event.at * 1_000,
      dur: (endAt - event.at) * 1_000,
      args,
    };
  }

  private process(name: string): number {
    let pid = this.processes.get(name);
    if (pid === undefined) {
      this.processes.set(name, (pid = this.processes.size + 1));
      this.entries.push({ name: 'process_name', ph: 'M', pid, tid: 0, args: { name } });
    }
    return pid;
  }

  private track(pid: number, name: string): number {
    const key = `${pid} ${name}`;
    let tid = this.tracks.get(key);
    if (tid === undefined) {
      this.tracks.set(key, (tid = this.tracks.size + 1));
      this.entries.push({ name: 'thread_name', ph: 'M', pid, tid, args: { name } });
    }
    return tid;
  }
}

function turnKey({ fields, node, generation }: TimelineEvent): string {
  return `${node}.${generation} ${String(fields['activation'])} ${String(fields['turn'])}`;
}

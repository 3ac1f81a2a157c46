import type { TimelineEvent } from '../timeline/timeline';

/** One event, and in whose lane it stands. Rows stand below each other in the order of their events. */
export interface SequenceRow {
  readonly event: TimelineEvent;
  readonly lane: number;
}

/** What an arrow stands for. */
export type ArrowKind = 'call' | 'answer' | 'write' | 'acknowledgement';

/** Something that went from one lane to another. */
export interface SequenceArrow {
  readonly kind: ArrowKind;
  /** Index of the row at which it begins. */
  readonly from: number;
  /** Index of the row at which it ends. */
  readonly to: number;
  /** It brought an error. */
  readonly hasFailed: boolean;
}

/** A turn, from the row in which it begins to that in which it ends. */
export interface SequenceTurn {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  /** `ok`, `error`, `died` with its node, or `unfinished`. */
  readonly outcome: string;
  /** How many turns were under way in this lane already. */
  readonly depth: number;
}

/** From which row to which a machine was down. */
export interface SequenceOutage {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
}

/** A turn that has not ended yet. */
interface OpenTurn {
  readonly row: number;
  readonly lane: number;
  readonly depth: number;
  readonly life: string;
}

export const WORLD_LANE = 'world';
export const STORE_LANE = 'store';

const DOWN: ReadonlySet<string> = new Set(['death', 'terminated']);

/**
 * A run as a sequence diagram: a lane for the world, one for the store and one for each machine; calls and writes as arrows, turns as bars. What was begun and is not
 * answered has no arrow back, which is what one looks for.
 */
export class SequenceLayout {
  readonly lanes: string[] = [WORLD_LANE, STORE_LANE];
  readonly rows: SequenceRow[] = [];
  readonly arrows: SequenceArrow[] = [];
  private readonly ended: SequenceTurn[] = [];
  private readonly open = new Map<string, OpenTurn>();
  /** The rows at which calls, turns and writes are found by whoever follows them. */
  private readonly calls = new Map<string, number>();
  private readonly answers = new Map<string, number>();
  private readonly writes = new Map<string, number>();
  private readonly accepted = new Map<string, number>();
  private readonly down = new Map<number, number>();
  private readonly over: SequenceOutage[] = [];

  add(event: TimelineEvent): void {
    const row = this.rows.length;
    const lane = this.laneOf(event);
    this.rows.push({ event, lane });
    this.followCalls(event, row, lane);
    this.followWrites(event, row);
    this.followLives(event, row, lane);
  }

  /** All turns; those that have not ended last to the last row. */
  get turns(): readonly SequenceTurn[] {
    const last = this.rows.length - 1;
    const unfinished = [...this.open.values()].map(({ row, lane, depth }) => {
      return { lane, from: row, to: last, outcome: 'unfinished', depth };
    });
    return [...this.ended, ...unfinished];
  }

  get outages(): readonly SequenceOutage[] {
    const last = this.rows.length - 1;
    return [...this.over, ...[...this.down].map(([lane, from]) => ({ lane, from, to: last }))];
  }

  private laneOf({ node, name }: TimelineEvent): number {
    const owner = node !== '' ? node : name.startsWith('store-') ? STORE_LANE : WORLD_LANE;
    const known = this.lanes.indexOf(owner);
    return known >= 0 ? known : this.lanes.push(owner) - 1;
  }

  private followCalls(event: TimelineEvent, row: number, lane: number): void {
    const { name, fields } = event;
    const call = String(fields['call']);
    const outcome = String(fields['outcome']);
    if (name === 'call' || name === 'send') this.calls.set(call, row);
    else if (name === 'turn-start') {
      this.connect('call', this.calls.get(call), row, false);
      const depth = [...this.open.values()].filter((turn) => turn.lane === lane).length;
      this.open.set(turnKey(event), { row, lane, depth, life: lifeOf(event) });
    } else if (name === 'turn-end') {
      this.answers.set(call, row);
      this.endTurn(turnKey(event), row, outcome);
    } else if (name === 'call-end') this.connect('answer', this.answers.get(call), row, outcome !== 'ok');
  }

  private followWrites({ name, fields }: TimelineEvent, row: number): void {
    const claim = `${String(fields['actor'])} ${String(fields['storage'])} ${String(fields['epoch'])}`;
    const write = `${claim} ${String(fields['version'])}`;
    if (name === 'persist') this.writes.set(write, row);
    else if (name === 'store-write-accepted') {
      this.connect('write', this.writes.get(write), row, false);
      this.accepted.set(claim, row);
    } else if (name === 'persist-ack') {
      // It tells the version that the write has made, and not the one that it was based on.
      this.connect('acknowledgement', this.accepted.get(claim), row, false);
      this.accepted.delete(claim);
    }
  }

  private followLives(event: TimelineEvent, row: number, lane: number): void {
    if (DOWN.has(event.name)) {
      const life = lifeOf(event);
      for (const [key, turn] of this.open) if (turn.life === life) this.endTurn(key, row, 'died');
      if (!this.down.has(lane)) this.down.set(lane, row);
      return;
    }
    const from = event.name === 'boot' ? this.down.get(lane) : undefined;
    if (from === undefined) return;
    this.down.delete(lane);
    this.over.push({ lane, from, to: row });
  }

  private endTurn(key: string, to: number, outcome: string): void {
    const turn = this.open.get(key);
    if (turn === undefined) return;
    this.open.delete(key);
    this.ended.push({ lane: turn.lane, from: turn.row, to, outcome, depth: turn.depth });
  }

  private connect(kind: ArrowKind, from: number | undefined, to: number, hasFailed: boolean): void {
    if (from !== undefined) this.arrows.push({ kind, from, to, hasFailed });
  }
}

function lifeOf({ node, generation }: TimelineEvent): string {
  return `${node}.${generation}`;
}

function turnKey(event: TimelineEvent): string {
  return `${lifeOf(event)} ${String(event.fields['activation'])} ${String(event.fields['turn'])}`;
}

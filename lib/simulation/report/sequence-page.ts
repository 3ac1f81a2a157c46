import { visibleLines } from '../../errors/outside-text';
import { formatEvent } from '../chaos/fault-table/fault-table';
import type { TimelineEvent } from '../timeline/timeline';
import { PAGE_SCRIPT, PAGE_STYLE } from './sequence-page-parts';
import { SequenceLayout, type SequenceArrow, type SequenceOutage, type SequenceTurn } from './sequence-layout';

/** What is said of a run above its picture. */
export interface RunSummary {
  /** Which test, and how it was run. */
  readonly title: string;
  /** Facts in one line: events, virtual time, hash. */
  readonly facts: string;
  /** How often each kind of fault struck. */
  readonly faults: ReadonlyMap<string, number>;
  /** Why it failed, with its stack; undefined when it passed. */
  readonly failure?: string;
}

/** In pixels. */
const LANE_WIDTH = 84;
const ROW_HEIGHT = 18;
const MARGIN = 50;
const BAR_WIDTH = 8;
const LETTER_WIDTH = 7;
/** Longer lines are cut; the whole of one is shown when the pointer rests on it. */
const LONGEST_LINE = 260;

/** How many events a page shows at most: those at the end, which is where a run fails. */
const DEFAULT_MOST_EVENTS = 20_000;

/**
 * A run as one page that needs nothing else: lanes for machines, the store and the world, calls and writes as arrows, turns as bars, faults marked, all events as text beside
 * it, and what failed at its end. It has a search, and shows all that belongs to a call when one of its events is clicked. It loads nothing, and everything on it is text of the run, escaped.
 */
export class SequencePage {
  private events: TimelineEvent[] = [];
  private leftOut = 0;

  constructor(private readonly mostEvents = DEFAULT_MOST_EVENTS) {}

  add(event: TimelineEvent): void {
    this.events.push(event);
    // Not for each event that comes: of a long list the first is not removed for nothing.
    if (this.events.length >= 2 * this.mostEvents) this.trim();
  }

  /** The page. Called at the end of the run, for what a fault has done becomes known after it has struck. */
  html(summary: RunSummary): string {
    this.trim();
    const layout = new SequenceLayout();
    for (const event of this.events) layout.add(event);
    const { title, facts, faults, failure } = summary;
    const struck = [...faults].map(([kind, count]) => `${kind} ${count}`).join(', ');
    const verdict = failure === undefined ? '<b class="passed">passed</b>' : '<a class="failed" href="#end">FAILED</a>';
    const left = this.leftOut === 0 ? '' : `<p>The first ${this.leftOut} events are left out.</p>`;
    return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><style>${PAGE_STYLE}</style></head><body>
<header><h1>${escaped(title)} ${verdict}</h1><p>${escaped(facts)}</p>
${struck === '' ? '' : `<p>faults: ${escaped(struck)}</p>`}${left}
<label>search <input id="search" type="search" autocomplete="off" placeholder="an actor, a call, a fault ..."></label> <span id="found" role="status"></span></header>
${pictureOf(layout)}
<section id="end">${failure === undefined ? '<p class="passed">passed</p>' : `<pre class="failed">${escaped(failure)}</pre>`}</section>
<script>${PAGE_SCRIPT}</script></body></html>
`;
  }

  private trim(): void {
    const surplus = this.events.length - this.mostEvents;
    if (surplus <= 0) return;
    this.leftOut += surplus;
    this.events = this.events.slice(surplus);
  }
}

function pictureOf(layout: SequenceLayout): string {
  const { lanes, rows, arrows, turns, outages } = layout;
  const textX = xOf(lanes.length - 1) + MARGIN;
  const width = textX + LONGEST_LINE * LETTER_WIDTH;
  const height = yOf(rows.length);
  const heads = lanes.map((name, lane) => `<text class="lane" x="${xOf(lane)}" y="16">${escaped(name)}</text>`);
  const lines = lanes.map(
    (_, lane) => `<line class="life" x1="${xOf(lane)}" x2="${xOf(lane)}" y1="0" y2="${height}"/>`,
  );
  const events = rows.map(({ event, lane }, row) => rowOf(event, row, xOf(lane), textX));
  return `<svg class="lanes" width="${width}" height="24">${heads.join('')}</svg>
<svg class="run" width="${width}" height="${height}" role="img" aria-label="sequence of events">
<defs><marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0 6 3 0 6z"/></marker></defs>
${lines.join('')}${outages.map(outageOf).join('')}${turns.map(barOf).join('')}
${arrows.map((arrow) => arrowOf(arrow, layout)).join('\n')}
${events.join('\n')}
</svg>`;
}

function rowOf(event: TimelineEvent, row: number, x: number, textX: number): string {
  const line = formatEvent(event);
  const shown = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}...` : line;
  const { call } = event.fields;
  const mark =
    event.name === 'fault'
      ? `<path class="mark" d="M${x - 5} ${yOf(row) + 4}h10l-5-9z"/>`
      : `<circle class="mark" cx="${x}" cy="${yOf(row)}" r="3"/>`;
  const of = call === undefined ? '' : ` data-call="${escaped(String(call))}"`;
  return `<g class="row ${escaped(classOf(event.name))}"${of}>${mark}<text x="${textX}" y="${yOf(row) + 4}">${escaped(shown)}<title>${escaped(line)}</title></text></g>`;
}

/** A word of the style sheet: the names that stand out have one of their own, and an application's own events are all alike. */
function classOf(name: string): string {
  return name.includes(':') ? 'application' : name;
}

function barOf({ lane, from, to, outcome, depth }: SequenceTurn): string {
  const x = xOf(lane) - BAR_WIDTH / 2 + depth * (BAR_WIDTH - 2);
  return `<rect class="turn ${escaped(outcome)}" x="${x}" y="${yOf(from)}" width="${BAR_WIDTH}" height="${Math.max(2, yOf(to) - yOf(from))}"/>`;
}

function outageOf({ lane, from, to }: SequenceOutage): string {
  return `<line class="down" x1="${xOf(lane)}" x2="${xOf(lane)}" y1="${yOf(from)}" y2="${yOf(to)}"/>`;
}

function arrowOf({ kind, from, to, hasFailed }: SequenceArrow, { rows }: SequenceLayout): string {
  const [begin, end] = [rows[from], rows[to]];
  if (begin === undefined || end === undefined) return '';
  const [x1, x2, y1, y2] = [xOf(begin.lane), xOf(end.lane), yOf(from), yOf(to)];
  // Within a lane it goes round the marks that stand between.
  const path = x1 === x2 ? `M${x1} ${y1}C${x1 + 30} ${y1} ${x1 + 30} ${y2} ${x1} ${y2}` : `M${x1} ${y1}L${x2} ${y2}`;
  const { call } = end.event.fields;
  const of = call === undefined ? '' : ` data-call="${escaped(String(call))}"`;
  return `<path class="arrow ${kind}${hasFailed ? ' error' : ''}"${of} d="${path}" marker-end="url(#tip)"/>`;
}

function xOf(lane: number): number {
  return MARGIN + lane * LANE_WIDTH;
}

function yOf(row: number): number {
  return (row + 1) * ROW_HEIGHT;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Whatever a run says is text: its values come from anywhere. */
function escaped(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, (letter) => ENTITIES[letter] as string);
}

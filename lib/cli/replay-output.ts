import { inspect } from 'node:util';
import picocolors from 'picocolors';
import { reasonOf } from '../errors/reason-of';
import type { ShownValue } from '../observability/event-log';
import type { TimelineEvent } from '../simulation/timeline/timeline';
import { formatEvent } from '../simulation/chaos/fault-table/fault-table';
import type { ActorFilter } from './actor-filter';

/** Longer values are cut, and say so. */
const LONGEST_VALUE = 400;
/** Below the names of the events. */
const INDENT = ' '.repeat(33);

/**
 * Prints a run as it goes: its events, and the values that go with them. An event is printed when the next one comes, for
 * what a fault does becomes known only after it has struck.
 */
export class ReplayOutput {
  private waiting: TimelineEvent | undefined;
  private values: string[] = [];
  /** Writes that are under way, by actor, epoch and version. */
  private readonly written = new Map<string, { readonly state: string; readonly text: string }>();
  /** What was stored last, by actor and state. */
  private readonly stored = new Map<string, string>();

  /** @param filter which events are printed; all when there is none. */
  constructor(
    private readonly print: (line: string) => void,
    private readonly filter: ActorFilter | undefined,
  ) {}

  event(event: TimelineEvent): void {
    this.flush();
    this.waiting = event;
    if (event.name === 'store-write-accepted') this.accept(event);
  }

  /** A value that goes with the last event. */
  value({ actor, what, of, read }: ShownValue): void {
    if (this.filter?.isMeant(actor) === false) return;
    const text = wordsOf(read);
    if (what === 'written') this.written.set(writeOf(this.waiting), { state: of, text });
    else if (what === 'loaded') {
      this.stored.set(`${actor}\n${of}`, text);
      this.values.push(line(`state ${of}`, `${text} was stored`));
    } else this.values.push(line(what, text));
  }

  /** Prints what waits. */
  flush(): void {
    const { waiting, values } = this;
    this.waiting = undefined;
    this.values = [];
    if (waiting === undefined || this.filter?.admits(waiting) === false) return;
    this.print(colour(waiting));
    for (const value of values) this.print(picocolors.dim(`${INDENT}${value}`));
  }

  /** Only the store knows which writes count: an actor may never learn of one, and one may be refused. */
  private accept(event: TimelineEvent): void {
    const write = this.written.get(writeOf(event));
    if (write === undefined) return;
    this.written.delete(writeOf(event));
    const key = `${String(event.fields['actor'])}\n${write.state}`;
    this.values.push(line(`state ${write.state}`, `${this.stored.get(key) ?? 'nothing'} -> ${write.text}`));
    this.stored.set(key, write.text);
  }
}

/** By what a write and its acceptance know each other. */
function writeOf(event: TimelineEvent | undefined): string {
  const { actor, storage, epoch, version } = event?.fields ?? {};
  return `${String(actor)} ${String(storage)} ${String(epoch)} ${String(version)}`;
}

function line(what: string, text: string): string {
  return `${what.padEnd(15)} ${text}`;
}

function wordsOf(read: () => unknown): string {
  let text: string;
  try {
    text = inspect(read(), {
      depth: 6,
      breakLength: Infinity,
      compact: true,
      maxArrayLength: 20,
      maxStringLength: 100,
    });
  } catch (error) {
    text = `cannot be shown: ${reasonOf(error)}`;
  }
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}... (${text.length} letters)` : text;
}

/** What disturbs the world stands out from what goes on in it. */
function colour(event: TimelineEvent): string {
  const text = formatEvent(event);
  if (event.name === 'fault' || event.name === 'death' || event.name === 'partition') return picocolors.red(text);
  if (event.name === 'sometimes') return picocolors.green(text);
  return event.node === '' ? picocolors.cyan(text) : text;
}

import type { ToldFacts } from './fault-words';
import { formatPlainEvent, type TimelineEvent } from '../../timeline/timeline';
import { CODE_FAULT_ROWS } from './code-fault-rows';
import type { FaultRow } from './fault-row';
import { MACHINE_FAULT_ROWS } from './machine-fault-rows';
import { NETWORK_FAULT_ROWS } from './network-fault-rows';

/** Every fault of the simulated world. `docs/fault-injection.md` mirrors it, and a spec compares the two. */
export const FAULT_TABLE: readonly FaultRow[] = [...NETWORK_FAULT_ROWS, ...MACHINE_FAULT_ROWS, ...CODE_FAULT_ROWS];

const ROWS: ReadonlyMap<string, FaultRow> = new Map(FAULT_TABLE.map((row) => [row.name, row]));

/** A fault as a sentence without its full stop. @param name as the timeline has it, such as `clog-write node1>node2 #7`. */
export function describeFault(name: string, told: ToldFacts = {}): string | undefined {
  const [, site = name, whom = ''] = /^(\S+)(?: (.*))? #\d+$/.exec(name) ?? [];
  return ROWS.get(site)?.says?.(whom, told);
}

/** True for a name that the timeline may have: one that no fault can have would suppress nothing, and say nothing. */
export function isFaultName(name: unknown): boolean {
  return typeof name === 'string' && ROWS.has(/^(\S+)(?: .*)? #\d+$/.exec(name)?.[1] ?? '');
}

/** The row of the page for a fault. */
export function formatFaultRow({ name, family, effect, byDefault, hostile }: FaultRow): string {
  return `| \`${name}\` | \`${family}\` | ${effect} | ${byDefault} | ${hostile} |`;
}

/** An event as one readable line; a fault says what it does, and to whom. */
export function formatEvent(event: TimelineEvent): string {
  const { name, fields, told } = event;
  const sentence = name === 'fault' ? describeFault(String(fields['name']), told as ToldFacts | undefined) : undefined;
  return sentence === undefined ? formatPlainEvent(event) : `${formatPlainEvent(event)}: ${sentence}`;
}

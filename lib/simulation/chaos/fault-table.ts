import { CODE_FAULT_ROWS } from './code-fault-rows';
import type { FaultRow } from './fault-row';
import { MACHINE_FAULT_ROWS } from './machine-fault-rows';
import { NETWORK_FAULT_ROWS } from './network-fault-rows';

/** Every fault of the simulated world. `docs/fault-injection.md` mirrors it, and a spec compares the two. */
export const FAULT_TABLE: readonly FaultRow[] = [...NETWORK_FAULT_ROWS, ...MACHINE_FAULT_ROWS, ...CODE_FAULT_ROWS];

/** The row of the page for a fault. */
export function formatFaultRow({ name, family, effect, byDefault, hostile }: FaultRow): string {
  return `| \`${name}\` | \`${family}\` | ${effect} | ${byDefault} | ${hostile} |`;
}

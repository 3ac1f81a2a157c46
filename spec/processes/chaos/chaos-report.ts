import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ChaosResult } from './chaos-run';
import { CALL_KINDS } from './fault-effects';
import { FAULT_KINDS, type FaultKind } from './fault-plan';
import type { Answer } from './history-file';

/** How many violations, and remarks of one kind, are printed. */
const SHOWN = 5;
const ANSWERS: readonly Answer[] = ['ok', 'no', 'maybe', 'yes', 'open'];

/** What this campaign does not do, and the program that it would take. */
const NOT_DONE: readonly { readonly what: string; readonly program?: string; readonly why: string }[] = [
  {
    what: 'packets that come twice or out of order',
    program: 'tc',
    why: 'needs netem of the kernel, with tc',
  },
  {
    what: 'monotonic clocks that run at other rates, and clocks of the database server',
    program: 'faketime',
    why: 'needs libfaketime',
  },
  { what: 'power cuts, full disks, file systems that become read-only', why: 'see npm run durability' },
  { what: 'several machines', why: 'all processes are on this one' },
];

/** Whether a run has shown what it must not; a control must. */
export function hasFailed({ violations }: ChaosResult, isControl: boolean): boolean {
  return isControl ? !violations.some(({ kind }) => kind === 'violated') : violations.length > 0;
}

/** A run on one store, as text with a table of Markdown. */
export function describeRun(result: ChaosResult, isControl: boolean): string {
  const { engine, network, effects, answers, failures, errors, judgement, violations, remarks, kept } = result;
  const head = ['fault', 'times', ...ANSWERS, 'an actor was asked and gave no answer for'];
  const rows = effects.map(({ kind, times, answers: ofKind, longestSilenceMs }) => [
    FAULT_KINDS[kind],
    times,
    ...ANSWERS.map((answer) => ofKind[answer]),
    `${Math.round(longestSilenceMs)} ms`,
  ]);
  const total = ['all operations', '', ...ANSWERS.map((answer) => answers[answer]), ''];
  const missing = (Object.keys(FAULT_KINDS) as FaultKind[]).filter((kind) => !effects.some((one) => one.kind === kind));
  const codes = [...errors].map(([code, count]) => `${count} ${code}`).join(', ');
  const table = [head, head.map(() => '---'), ...rows, total].map((cells) => `| ${cells.join(' | ')} |`);
  const found = violations.slice(0, isControl ? 1 : SHOWN).map(({ description }) => `    ${description}`);
  return [
    `${engine}, ${network}${isControl ? ', control' : ''}`,
    ...table,
    ...CALL_KINDS.map((kind) => `${failures[kind].failed} of ${failures[kind].calls} ${kind} calls failed`),
    `Errors: ${codes || 'none'}`,
    ...(missing.length === 0 ? [] : [`Not done in this run: ${missing.join(', ')}`]),
    `${violations.length} violations on ${judgement.keys} keys${isControl ? ', where there must be some' : ''}`,
    ...found,
    ...(kept === undefined ? [] : [`The histories are in ${kept}`]),
    ...summary(remarks),
  ].join('\n');
}

/** What is not done anywhere, or not on this machine, by name. */
export function describeNotDone(): string {
  const lines = NOT_DONE.map(({ what, program, why }) => {
    if (program === undefined) return `  ${what}: ${why}`;
    return `  ${what}: ${why}; ${program} is ${isOnPath(program) ? '' : 'not '}on this machine`;
  });
  return ['Not done:', ...lines].join('\n');
}

/** Remarks that say the same of different processes, once each with how often. */
function summary(remarks: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const remark of remarks) {
    const line = (remark.split('\n').at(-1) ?? '').replaceAll(/\d+/g, 'N');
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const shown = [...counts].slice(0, SHOWN).map(([line, count]) => `  ${count} times: ${line}`);
  return remarks.length === 0 ? [] : [`${remarks.length} processes ended by themselves, or not in order:`, ...shown];
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

import type { PlannedRow } from './campaign-plan';
import type { RowResult } from './row';

/** A row, and what came of it unless it was skipped. */
export interface Line {
  readonly row: PlannedRow;
  readonly result?: RowResult;
}

/** Whether anything is wrong: a loss where there must be none, or none where there must be one. */
export function isWrong({ row, result }: Line): boolean {
  if (result === undefined) return false;
  const { lost, doubled, torn, complaints } = result;
  return row.isControl ? lost + doubled + torn === 0 : complaints.length > 0;
}

export function describeResult(line: Line): string {
  const { row, result } = line;
  if (result === undefined) return `${row.engine}, ${row.title}: skipped, ${row.skipped}`;
  const { rounds, acknowledged, lost, doubled, torn, failures, complaints } = result;
  const codes = [...failures].map(([code, count]) => `${count} ${code}`).join(', ') || 'none';
  // A control is meant to have complaints; one of them is enough to see what it lost.
  const shown = isWrong(line) || row.isControl ? complaints.slice(0, row.isControl ? 1 : 10) : [];
  return [
    `${row.engine}, ${row.title}: ${rounds} rounds, ${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled, ${torn} torn; errors: ${codes}`,
    ...shown.map((complaint) => `    ${complaint}`),
  ].join('\n');
}

/** All lines under one another, as a table of Markdown. */
export function table(lines: readonly Line[]): string {
  const head = ['engine', 'what happened', 'rounds', 'acknowledged', 'lost', 'doubled', 'torn', ''];
  const rows = lines.map((line) => {
    const { row, result } = line;
    if (result === undefined) return [row.engine, row.title, '-', '-', '-', '-', '-', `skipped: ${row.skipped}`];
    const { rounds, acknowledged, lost, doubled, torn } = result;
    const verdict = `${isWrong(line) ? 'WRONG' : 'ok'}${row.isControl ? ', must lose' : ''}`;
    return [row.engine, row.title, ...[rounds, acknowledged, lost, doubled, torn].map(String), verdict];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

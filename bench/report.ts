import type { Measurement } from './measurement';

const COLUMNS = ['scenario', 'figure', 'unit', 'baseline', 'ratio', 'target', ''] as const;

/** A table of all measurements, for people. */
export function formatTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map((measurement) => [
    measurement.scenario,
    formatFigure(measurement.figure),
    measurement.unit,
    measurement.baseline === undefined ? '-' : `${formatFigure(measurement.baseline)} (${measurement.baselineName})`,
    measurement.ratio?.toFixed(2) ?? '-',
    measurement.target?.toFixed(2) ?? '-',
    verdictOf(measurement),
  ]);
  const widths = COLUMNS.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(COLUMNS), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function verdictOf({ reached, notes }: Measurement): string {
  const verdict = reached === undefined ? '' : reached ? 'reached' : 'missed';
  const remarks = Object.entries(notes).map(([name, value]) => `${name} ${formatFigure(value)}`);
  return [verdict, ...remarks].filter((part) => part !== '').join('; ');
}

/** Three digits that matter; thousands and millions by their letters. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  if (Math.abs(value) >= 1e3) return `${(value / 1e3).toPrecision(3)} k`;
  return value.toPrecision(3);
}

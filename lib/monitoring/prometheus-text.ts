import type { Metrics, MetricSample } from '../observability/metrics';
import type { MetricDefinition } from '../observability/metric';

/** The media type of what {@link prometheusText} returns. */
export const PROMETHEUS_MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What Prometheus has in place of units in the notation of UCUM; those in braces say what is counted, and are left out. */
const UNITS: Readonly<Record<string, string>> = { By: 'bytes', s: 'seconds', ms: 'milliseconds' };

/**
 * What a process counts and measures, in the text format of Prometheus (version 0.0.4). Names follow the rules of OpenTelemetry for Prometheus, so that a
 * dashboard need not know which of both exports: dots become underscores, units are named behind, and counters end in `_total`.
 * `moonpool.states.write_time` in `s` is `moonpool_states_write_time_seconds`.
 */
export function prometheusText(metrics: Pick<Metrics, 'collect'>): string {
  const known = new Set<string>();
  const lines: string[] = [];
  for (const sample of metrics.collect()) {
    const name = nameOf(sample.definition);
    // Prometheus takes nothing at all of a page that has a name twice, as `a.b` and `a_b` would be.
    if (known.has(name)) continue;
    known.add(name);
    lines.push(`# HELP ${name} ${escaped(sample.definition.help)}`, `# TYPE ${name} ${kindOf(sample.definition)}`);
    lines.push(...linesOf(name, sample));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function linesOf(name: string, { definition, value, values, distribution }: MetricSample): readonly string[] {
  if (definition.kind === 'labelled-counter') {
    const label = wordOf(definition.label);
    return Object.entries(values ?? {}).map(
      ([of, count]) => `${name}{${label}="${escapedValue(of)}"} ${figure(count)}`,
    );
  }
  if (definition.kind !== 'histogram') return [`${name} ${figure(value ?? 0)}`];
  const { count = 0, sum = 0, buckets = [] } = distribution ?? {};
  let atMost = 0;
  const below = definition.bounds.map((bound, index) => {
    atMost += buckets[index] ?? 0;
    return `${name}_bucket{le="${figure(bound)}"} ${figure(atMost)}`;
  });
  return [
    ...below,
    `${name}_bucket{le="+Inf"} ${figure(count)}`,
    `${name}_sum ${figure(sum)}`,
    `${name}_count ${figure(count)}`,
  ];
}

function kindOf({ kind }: MetricDefinition): string {
  return kind === 'labelled-counter' ? 'counter' : kind;
}

function nameOf({ name, kind, unit }: MetricDefinition): string {
  const suffixes = [UNITS[unit], kind === 'counter' || kind === 'labelled-counter' ? 'total' : undefined];
  return suffixes.reduce<string>((word, suffix) => {
    return suffix === undefined || word.endsWith(`_${suffix}`) ? word : `${word}_${suffix}`;
  }, wordOf(name));
}

/** What Prometheus takes for the name of a metric or of a label. */
function wordOf(name: string): string {
  const word = name.replace(/[^0-9A-Za-z_]/g, '_');
  return /^\d/.test(word) ? `_${word}` : word;
}

function escaped(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapedValue(value: string): string {
  return escaped(value).replaceAll('"', '\\"');
}

/** Counts of an application may be anything that a number can be. */
function figure(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

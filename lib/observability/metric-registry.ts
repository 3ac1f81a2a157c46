import { forgoAnswer } from '../concurrency/prompt-answer';
import { MoonpoolError } from '../errors/moonpool-error';
import { Counter, Histogram, LabelledCounter } from './instruments';
import type { MetricDefinition } from './metric';
import type { Bound, Instrument, MetricGroup, Metrics, MetricSample, ObservedMetric } from './metrics';

/** One metric: who counts it, or how it is read. */
interface Entry {
  readonly definition: MetricDefinition;
  readonly source: Counter | LabelledCounter | Histogram | (() => number);
}

/** The metrics of one process. */
export class MetricRegistry implements Metrics {
  private readonly entries = new Map<string, Entry>();

  bind<const G extends MetricGroup>(group: G): Bound<G> {
    const bound = Object.entries(group).map(([name, definition]) => [name, this.instrumentOf(definition)]);
    return Object.fromEntries(bound) as Bound<G>;
  }

  observe({ definition, read }: ObservedMetric): void {
    this.refuseOther(definition);
    this.entries.set(definition.name, { definition, source: () => read() });
  }

  collect(): readonly MetricSample[] {
    const byName = [...this.entries.values()].sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
    return byName.flatMap(({ definition, source }): readonly MetricSample[] => {
      if (source instanceof Counter) return [{ definition, value: source.value }];
      if (source instanceof LabelledCounter) return [{ definition, values: source.values }];
      if (source instanceof Histogram) return [{ definition, distribution: source.distribution }];
      const value = readOf(source);
      return value === undefined ? [] : [{ definition, value }];
    });
  }

  private instrumentOf<D extends MetricGroup[string]>(definition: D): Instrument<D> {
    this.refuseOther(definition);
    const known = this.entries.get(definition.name)?.source;
    if (known !== undefined && typeof known !== 'function') return known as Instrument<D>;
    const source = newInstrument(definition);
    this.entries.set(definition.name, { definition, source });
    return source as Instrument<D>;
  }

  private refuseOther(definition: MetricDefinition): void {
    const known = this.entries.get(definition.name)?.definition;
    if (known === undefined || known === definition) return;
    throw new MoonpoolError('INVALID_OPTION', {
      message: `Two definitions have the name of the metric ${definition.name}: '${known.help}' and '${definition.help}'`,
      remedy: 'Define it once, where a file is loaded, or give one of them another name.',
    });
  }
}

function newInstrument(definition: MetricGroup[string]): Counter | LabelledCounter | Histogram {
  if (definition.kind === 'counter') return new Counter();
  return definition.kind === 'labelled-counter' ? new LabelledCounter() : new Histogram(definition.bounds);
}

/** Who looks at a process in trouble wants to see the rest of it. */
function readOf(read: () => number): number | undefined {
  try {
    const value: unknown = read();
    forgoAnswer(value);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

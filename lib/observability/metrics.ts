import { contributions } from '../injection/contribution-list';
import { token } from '../injection/token';
import { whole } from '../injection/whole-contract';
import { anyOf } from '../options/option-kind';
import { Counter, LabelledCounter, type Distribution, type Histogram } from './instruments';
import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
  LabelledCounterDefinition,
  MetricDefinition,
} from './metric';

/** What counts by a definition. */
export type Instrument<D> = D extends CounterDefinition
  ? Counter
  : D extends LabelledCounterDefinition
    ? LabelledCounter
    : D extends HistogramDefinition
      ? Histogram
      : never;

/** Definitions of what is counted where it happens, by the names that the code has for them. */
export type MetricGroup = Readonly<Record<string, CounterDefinition | LabelledCounterDefinition | HistogramDefinition>>;

/** The instruments of a group. */
export type Bound<G extends MetricGroup> = { readonly [K in keyof G]: Instrument<G[K]> };

/** What a metric stands at: by the value of its label where it has one. */
export interface MetricSample {
  readonly definition: MetricDefinition;
  /** Of counters and gauges. */
  readonly value?: number;
  /** Of labelled counters, by the values of the label. */
  readonly values?: Readonly<Record<string, number>>;
  /** Of histograms. */
  readonly distribution?: Distribution;
}

/** A metric that is read when somebody looks, for what is known already: how many there are of something, and counts that others keep. */
export interface ObservedMetric {
  readonly definition: GaugeDefinition | CounterDefinition;
  read(): number;
}

/**
 * What a process counts and measures. Whoever counts has its instruments bound once, and counts by a field of them; whoever
 * exports collects everything now and then. So nothing that is measured is slowed by it.
 */
export interface Metrics {
  /**
   * The instruments of the definitions; whoever binds a definition again gets the same.
   * @throws MoonpoolError INVALID_OPTION for a name that another definition has.
   */
  bind<const G extends MetricGroup>(group: G): Bound<G>;
  /** Reads the metric whenever somebody collects, in place of what was read before under its definition. */
  observe(observed: ObservedMetric): void;
  /** What everything stands at, by name. What cannot be read is left out. */
  collect(): readonly MetricSample[];
}
export const Metrics = token<Metrics>(
  'Metrics',
  whole('Metrics', () => ({ bind: 0, observe: 0, collect: 0 }) satisfies Record<keyof Metrics, 0>),
);

/** Metrics that are read when somebody looks, to which modules contribute. */
export const ObservedMetrics = contributions<ObservedMetric>('ObservedMetrics', {
  accepts: anyOf('a metric { definition, read() }', (value) => {
    const { definition, read } = (value ?? {}) as Partial<Record<keyof ObservedMetric, unknown>>;
    return typeof definition === 'object' && definition !== null && typeof read === 'function';
  }),
});

/** What the counters of a group stand at, by the names that the code has for them; a type for plain state. */
export type Totals<B> = {
  readonly [K in keyof B as B[K] extends Histogram ? never : K]: B[K] extends Counter
    ? number
    : Readonly<Record<string, number>>;
};

/** What the counters of a group stand at. */
export function totalsOf<B extends Readonly<Record<string, Counter | LabelledCounter | Histogram>>>(
  bound: B,
): Totals<B> {
  // Invariants of simulations read it after many events.
  const totals: Record<string, unknown> = {};
  for (const [name, instrument] of Object.entries(bound)) {
    if (instrument instanceof Counter) totals[name] = instrument.value;
    else if (instrument instanceof LabelledCounter) totals[name] = instrument.values;
  }
  return totals as Totals<B>;
}

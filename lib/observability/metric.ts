/** What the definitions of all metrics say. */
interface Described {
  /** Lower case, its parts parted by dots, from the whole to the part: `moonpool.calls.made`. */
  readonly name: string;
  /** What is counted or measured, in the notation of UCUM as OpenTelemetry writes it: `{call}`, `By`, `s`. */
  readonly unit: string;
  /** A sentence for whoever looks at it. */
  readonly help: string;
}

/** Something that is counted and never goes down. */
export interface CounterDefinition extends Described {
  readonly kind: 'counter';
}

/** The same, counted apart by one label, of which there are few values. */
export interface LabelledCounterDefinition extends Described {
  readonly kind: 'labelled-counter';
  readonly label: string;
}

/** Something that is so much at present. */
export interface GaugeDefinition extends Described {
  readonly kind: 'gauge';
}

/** How something is distributed, such as times. */
export interface HistogramDefinition extends Described {
  readonly kind: 'histogram';
  /** The upper bounds of its buckets, ascending; what is above the last has a bucket of its own. */
  readonly bounds: readonly number[];
}

export type MetricDefinition = CounterDefinition | LabelledCounterDefinition | GaugeDefinition | HistogramDefinition;

/** Bounds for times in seconds, from half a millisecond to ten seconds. */
const TIMES_S: readonly number[] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Defines metrics. A definition is made once, where its file is loaded, and is known by itself and by its name. */
export const metric = {
  counter: (name: string, unit: string, help: string): CounterDefinition => ({ kind: 'counter', name, unit, help }),
  /** @param label what tells the counts apart; of its values the first hundred are told, and the others together. */
  labelledCounter: (name: string, unit: string, label: string, help: string): LabelledCounterDefinition => {
    return { kind: 'labelled-counter', name, unit, label, help };
  },
  gauge: (name: string, unit: string, help: string): GaugeDefinition => ({ kind: 'gauge', name, unit, help }),
  /** @param bounds of its buckets. Default: those for times in seconds. */
  histogram: (name: string, unit: string, help: string, bounds = TIMES_S): HistogramDefinition => {
    return { kind: 'histogram', name, unit, help, bounds };
  },
};

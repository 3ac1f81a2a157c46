import { token } from '../injection/token';
import { count, duration } from '../options/option-kind';
import { pathTo, type OptionMistake, type OptionPlace } from '../options/option-mistake';
import { optionTable, withDefaults } from '../options/option-table';

/** How messages that must arrive are delivered. Times are in milliseconds. */
export interface DeliveryOptions {
  /** How long after the last look a node looks again for what is due, at most. Default: 1,000. */
  readonly pollMs: number;
  /** How many deliveries of one process may be under way at a time. One actor has a quarter of these places at most. Default: 256. */
  readonly maxUnderWay: number;
  /**
   * How long whoever has sent a message that is due at once has for bringing it to its actor, before the node that is responsible for the actor
   * does so. Default: 2,000.
   */
  readonly graceMs: number;
  /** The wait after the first failure; it doubles with each that follows. Default: 200. */
  readonly retryMinMs: number;
  /** The longest wait between two attempts. Default: 60,000. */
  readonly retryMaxMs: number;
  /** How often a handler may refuse a message, by an error that is not transient, until it is a dead letter: so often it is executed in all. Default: 5. */
  readonly maxRefusals: number;
}
export const DeliveryOptions = token<DeliveryOptions>('DeliveryOptions');

export const DEFAULT_DELIVERY_OPTIONS: DeliveryOptions = {
  pollMs: 1_000,
  maxUnderWay: 256,
  graceMs: 2_000,
  retryMinMs: 200,
  retryMaxMs: 60_000,
  maxRefusals: 5,
};

export const DELIVERY_OPTIONS = optionTable<Partial<DeliveryOptions>>(
  {
    pollMs: duration(10),
    maxUnderWay: count(1),
    graceMs: duration(),
    retryMinMs: duration(),
    retryMaxMs: duration(),
    maxRefusals: count(1),
  },
  { together: disagreement },
);

/** Waits that contradict each other, those that were not given included: they are what the others meet. */
function disagreement(options: Partial<DeliveryOptions>, { door, path }: OptionPlace): OptionMistake | undefined {
  const all = withDefaults(DEFAULT_DELIVERY_OPTIONS, options);
  const nameOf = (name: 'retryMinMs' | 'retryMaxMs'): string =>
    `${pathTo(path, name)} = ${all[name]}${options[name] === undefined ? ' (the default)' : ''}`;
  if (all.retryMaxMs >= all.retryMinMs) return undefined;
  return {
    message: `The options ${nameOf('retryMaxMs')} and ${nameOf('retryMinMs')} of ${door} contradict each other`,
    remedy: 'The wait after a failure grows from the second to the first: raise the first or lower the second.',
  };
}

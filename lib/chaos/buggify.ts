import { token } from '../injection/token';

/** How likely a site is to strike, each from 0 to 1. */
export interface BuggifyOdds {
  /** That a seed uses the site at all: others go further without it. Default: 0.5. */
  readonly enabled?: number;
  /** That it strikes when it is asked, in a seed that uses it; for a knob, that a process has it turned. Default: 0.25. */
  readonly strikes?: number;
}

/** From where to where a limit may be turned; both ends can come. Whole numbers when both ends are. */
export interface KnobRange {
  readonly low: number;
  readonly high: number;
}

/**
 * Where the code itself asks to be disturbed: it knows best what is rare and yet allowed, such as a cache that has just
 * forgotten, or a buffer of one byte. After FoundationDB's BUGGIFY. A simulation strikes by the rolls of its seed; in
 * production nothing ever strikes and every knob has its proper value. What a site does must be harmless: slower, in another
 * order or once more, never wrong.
 */
export interface Buggify {
  /** False in production: a hot path looks here first and need not ask. */
  readonly enabled: boolean;
  /** True when the site should do the rare thing now. @param site a name in kebab-case, for reports. */
  strikes(site: string, odds?: BuggifyOdds): boolean;
  /**
   * A limit or timeout: the value itself, or one of the range in a seed and process that has the knob turned. Asked once, when
   * a part is made. @param name a name in kebab-case, for reports.
   */
  knob(name: string, value: number, range: KnobRange, odds?: BuggifyOdds): number;
}
export const Buggify = token<Buggify>('Buggify');

/** Disturbs nothing. */
export const quietBuggify: Buggify = { enabled: false, strikes: () => false, knob: (_name, value) => value };

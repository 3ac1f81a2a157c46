import { contributions } from '../injection/contribution-list';
import { shape } from '../options/option-kind';
import type { PlainState } from './state-registry';

/** One part of what a process says of itself: it is published with its start, and read when somebody looks. */
export interface InspectionPage {
  /** Under which `runtime.inspect()` and the {@link StateRegistry} have it; of two pages with one key the later wins, which is logged. */
  readonly key: string;
  /** Makes the state, now; it should be small, and must not change anything. */
  read(): PlainState;
}

/** The pages of a process, to which modules contribute. */
export const InspectionPages = contributions<InspectionPage>('InspectionPages', {
  accepts: shape('a page { key, read() }', ['key', 'read'], (value) => {
    const { key, read } = (value ?? {}) as Partial<Record<keyof InspectionPage, unknown>>;
    return typeof key === 'string' && key !== '' && typeof read === 'function';
  }),
});

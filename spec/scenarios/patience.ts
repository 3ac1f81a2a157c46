import type { RetryOptions } from 'moonpool';

/** For what is asked in a simulated world until it is answered, however long its faults last. */
export const PATIENCE: RetryOptions = { deadlineMs: 3_600_000 };

/** With what the command line ends. */
export const EXIT_CODE = {
  /** Every seed passed, and saw what it should see; every process answered. */
  passed: 0,
  /** A seed failed, or a process did not answer. */
  failed: 1,
  /** The command, a file or an option cannot be used. */
  usage: 2,
  /** Every seed passed, but a `sometimes` was never true. */
  uncovered: 3,
  /** It was interrupted; what was known by then was printed. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

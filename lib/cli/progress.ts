import { SingleBar } from 'cli-progress';

/** How often a line is printed where no bar can be drawn, in milliseconds. */
const LINE_INTERVAL_MS = 5_000;

/** How far a long command is, on the standard error: a bar on a terminal, now and then a line elsewhere. */
export class Progress {
  private readonly bar: SingleBar | undefined;
  private lastLineAt = Date.now();
  private done = 0;

  constructor(
    private readonly title: string,
    private readonly total: number,
  ) {
    if (process.stderr.isTTY !== true) return;
    this.bar = new SingleBar({
      format: `${title} {bar} {value}/{total} {note} {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    });
    this.bar.start(total, 0, { note: '' });
  }

  /** @param note what else is worth knowing, in a few words. */
  show(done: number, note: string): void {
    this.done = done;
    this.bar?.update(done, { note });
    if (this.bar !== undefined || Date.now() - this.lastLineAt < LINE_INTERVAL_MS) return;
    this.lastLineAt = Date.now();
    process.stderr.write(`${this.title} ${done}/${this.total} ${note}\n`);
  }

  stop(): void {
    this.bar?.update(this.done);
    this.bar?.stop();
  }
}

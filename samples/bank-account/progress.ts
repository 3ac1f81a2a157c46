import { Presets, SingleBar } from 'cli-progress';

/** Shows how far a job is: a bar on a terminal, now and then a line elsewhere. */
export class Progress {
  private readonly bar: SingleBar | undefined;
  private done = 0;
  private nextLine: number;

  constructor(
    private readonly what: string,
    private readonly total: number,
  ) {
    this.nextLine = total / 10;
    if (process.stdout.isTTY !== true) return;
    this.bar = new SingleBar(
      { format: `${what} {bar} {value}/{total} | {rate} a second`, hideCursor: true },
      Presets.shades_classic,
    );
    this.bar.start(total, 0, { rate: 0 });
  }

  /** @param rate how many a second, at present. */
  step(rate: number): void {
    this.done++;
    this.bar?.update(this.done, { rate: Math.round(rate) });
    if (this.bar === undefined && this.done >= this.nextLine) {
      process.stdout.write(`${this.what}: ${this.done} of ${this.total}, ${Math.round(rate)} a second\n`);
      this.nextLine += this.total / 10;
    }
  }

  /** Prints a line above the bar. */
  say(line: string): void {
    if (this.bar === undefined) process.stdout.write(`${line}\n`);
    else {
      process.stdout.write(`\r\x1b[K${line}\n`);
      this.bar.render();
    }
  }

  stop(): void {
    this.bar?.stop();
  }
}

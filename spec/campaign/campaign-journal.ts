import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { DIST } from './project-simulations';
import type { SeedRange } from './campaign-progress';
import type { TaskOutcome } from './campaign-task';

/** A line of a journal: some seeds of a simulation, run on a commit. */
interface JournalLine extends SeedRange {
  /** The commit of the code that was run; with a plus when something in it had been changed. */
  readonly commit: string;
  readonly title: string;
  readonly failures: readonly { readonly seed: number; readonly reason: string }[];
}

/** A file in which a campaign takes down what it has run, so that it can be continued in parts. One JSON object in a line. */
export class CampaignJournal {
  private readonly lines: JournalLine[] = [];

  private constructor(
    private readonly file: string,
    private readonly commit: string,
  ) {}

  /** Reads the journal, if there is one. @throws MoonpoolError INVALID_OPTION when the file is something else. */
  static open(file: string, commit = presentCommit()): CampaignJournal {
    const journal = new CampaignJournal(file, commit);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    // What was being written when a campaign was killed is half a line at the end; its seeds are run again.
    const whole = lines.slice(0, -1).filter((line) => line !== '');
    journal.lines.push(...whole.flatMap((line, index) => readLine(file, line, index + 1) ?? []));
    if (lines.length > 0 && lines.at(-1) !== '') appendFileSync(file, '\n');
    return journal;
  }

  /** The first seed that was ever run; undefined in an empty journal. */
  get from(): number | undefined {
    return this.lines.length === 0 ? undefined : Math.min(...this.lines.map(({ from }) => from));
  }

  /** The seeds of a simulation that were run, on whatever commit. */
  rangesOf(title: string): readonly SeedRange[] {
    return this.lines.filter((line) => line.title === title);
  }

  add({ task: { title, from, to }, failures }: TaskOutcome): void {
    const line: JournalLine = { commit: this.commit, title, from, to, failures };
    this.lines.push(line);
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }

  /** The titles of the simulations that have failed, in whatever part of the campaign. */
  get failed(): readonly string[] {
    return [...new Set(this.lines.filter(({ failures }) => failures.length > 0).map(({ title }) => title))];
  }

  /** For each commit, how many seeds of how many simulations were run, and how many failed. */
  sums(): readonly string[] {
    const commits = [...new Set(this.lines.map(({ commit }) => commit))];
    return commits.map((commit) => {
      const lines = this.lines.filter((line) => line.commit === commit);
      const seeds = lines.reduce((sum, { from, to }) => sum + to - from + 1, 0);
      const failures = lines.reduce((sum, line) => sum + line.failures.length, 0);
      return `${commit}: ${seeds} seeds of ${new Set(lines.map(({ title }) => title)).size} simulations, ${failures} failed`;
    });
  }
}

/** Undefined of a line that was not written to its end. @throws MoonpoolError INVALID_OPTION */
function readLine(file: string, text: string, number: number): JournalLine | undefined {
  const line = parsed(text);
  if (line === undefined || (typeof line.title === 'string' && Array.isArray(line.failures))) return line;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `Line ${number} of '${file}' is no line of a campaign's journal`,
    remedy: 'Name a file that a campaign has written, or one that does not exist yet.',
  });
}

function parsed(text: string): JournalLine | undefined {
  try {
    return JSON.parse(text) as JournalLine;
  } catch {
    return undefined;
  }
}

function presentCommit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: DIST, encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}

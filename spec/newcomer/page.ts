import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The clone that this spec belongs to. */
export const CLONE = join(__dirname, '..', '..', '..');

/** A code block of a page. */
export interface PageBlock {
  /** The heading that it stands below. */
  readonly heading: string;
  /** What follows the backticks: `ts`, `sh`, ... */
  readonly language: string;
  readonly text: string;
  /** The file that it is the content of: the line above it ends with its name and a colon. */
  readonly file: string | undefined;
}

/** A page of the documentation, as somebody reads it who does what it says. */
export class Page {
  readonly blocks: readonly PageBlock[];
  private readonly done = new Set<string>();

  constructor(readonly path: string) {
    this.blocks = blocksOf(readFileSync(join(CLONE, path), 'utf8'));
  }

  /** The files that the page gives, by their names; a heading narrows it down to one part of the page. */
  files(heading?: string): ReadonlyMap<string, string> {
    const named = this.blocks.filter(
      (block) => block.file !== undefined && (heading === undefined || block.heading === heading),
    );
    return new Map(named.map(({ file, text }) => [file ?? '', text]));
  }

  /** Takes the command from the page, whole: what it does not say word for word cannot be done. */
  command(line: string): string {
    if (!this.commands.includes(line))
      throw new Error(`${this.path} has no command '${line}', but: ${this.commands.join(' | ')}`);
    this.done.add(line);
    return line;
  }

  /** Takes all commands below a heading, in their order. */
  commandsBelow(heading: string): readonly string[] {
    const lines = this.blocks.filter((block) => block.heading === heading).flatMap(commandsOf);
    return lines.map((line) => this.command(line));
  }

  /** The commands that nobody has taken: each must be done by some spec. */
  get left(): readonly string[] {
    return this.commands.filter((line) => !this.done.has(line));
  }

  /** The block of output that follows the command. */
  outputOf(command: string): string {
    const index = this.blocks.findIndex((block) => commandsOf(block).includes(command));
    const next = this.blocks[index + 1];
    if (index < 0 || next === undefined || next.language !== '')
      throw new Error(`${this.path} shows no output of '${command}'`);
    return next.text;
  }

  private get commands(): readonly string[] {
    return this.blocks.flatMap(commandsOf);
  }
}

/** The lines of a shell block, without the comments behind them. */
function commandsOf({ language, text }: PageBlock): readonly string[] {
  if (language !== 'sh') return [];
  return text
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

function blocksOf(text: string): readonly PageBlock[] {
  const blocks: PageBlock[] = [];
  let heading = '';
  let above = '';
  let open: { readonly language: string; readonly file: string | undefined; readonly lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    if (open !== undefined) {
      if (line !== '```') open.lines.push(line);
      else {
        blocks.push({ heading, language: open.language, file: open.file, text: open.lines.join('\n') });
        open = undefined;
      }
    } else if (line.startsWith('```')) {
      open = {
        language: line.slice(3),
        file: line === '```sh' ? undefined : /`([\w./-]+\.\w+)`[^`]*:$/.exec(above)?.[1],
        lines: [],
      };
    } else if (line.startsWith('#')) {
      heading = line.replace(/^#+ /, '');
    }
    if (line !== '' && open === undefined) above = line;
  }
  return blocks;
}

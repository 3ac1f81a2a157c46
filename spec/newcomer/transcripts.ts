import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLONE } from './page';

/** The page whose transcripts are made from the commands that they show. */
export const TUTORIAL = join(CLONE, 'docs', 'simulation.md');

const CARELESS = 'npx moonpool simulate dist/samples/ticket-office/careless-simulation.js';
const REPAIRED = 'npx moonpool simulate dist/samples/ticket-office/ticket-simulation.js';
/** A line that is longer is cut at a comma. */
const LONGEST_LINE = 140;
/** How many seeds a story is looked for in. */
const SEEDS_LOOKED_AT = 200;
/** The fault that the tutorial tells of: it alone must be enough. */
const FAULT_OF_THE_STORY = /^ {4}store-answer-lost \S+ #\d+$/;

/** A command of the page and what it prints, shaped for a reader. */
export interface Transcript {
  readonly command: string;
  readonly text: string;
}

/** The transcripts of a page: blocks whose first line is a prompt with a command. */
export function transcriptsOf(page: string): readonly Transcript[] {
  return [...page.matchAll(/^```\n\$ (.+)\n([^]*?)^```$/gm)].map(([, command = '', text = '']) => ({
    command,
    text: text.trimEnd(),
  }));
}

/** What differs from machine to machine and from day to day, in a form that does not. */
export function withoutMachine(text: string): string {
  return text
    .replace(/\d+ a second/g, 'N a second')
    .replace(/ in [\d.]+ s\b/g, ' in N s')
    .replace(
      /on \d+ threads in N s: \d+ seeds and \d+ events a second/g,
      'on N threads in N s: N seeds and N events a second',
    )
    .replace(/: \d+ seeds and N a second/g, ': N seeds and N a second');
}

/** Runs a command of the page in the clone and shapes what it prints. */
export async function transcribe(command: string): Promise<Transcript> {
  const printed = await run(command);
  const lines = printed.trimEnd().split('\n');
  return { command, text: (command.includes(' replay ') ? storyOf(lines) : lines.map(shortened)).join('\n') };
}

/** Makes all transcripts again, after it has found a seed that tells the story, and writes them into the page. */
export async function writeTranscripts(): Promise<void> {
  const failing = await transcribe(await commandOfTheStory());
  const [, replayed = ''] = /(npx moonpool replay \.moonpool\S+\.json)/.exec(failing.text) ?? [];
  const made = [failing, await transcribe(replayed), await transcribe(REPAIRED)];
  let page = await readFile(TUTORIAL, 'utf8');
  transcriptsOf(page).forEach(({ command, text }, index) => {
    const transcript = made[index];
    if (transcript === undefined) throw new Error(`${TUTORIAL} shows '${command}', and nobody knows how to make that`);
    if (transcript.command === command && withoutMachine(transcript.text) === withoutMachine(text)) return;
    const present = text === '' ? `$ ${command}\n` : `$ ${command}\n${text}\n`;
    page = page.replace(
      `\`\`\`\n${present}\`\`\``,
      () => `\`\`\`\n$ ${transcript.command}\n${transcript.text}\n\`\`\``,
    );
  });
  await writeFile(TUTORIAL, page);
}

/** The command whose first failing seed needs nothing but the fault that the tutorial tells of. */
async function commandOfTheStory(): Promise<string> {
  const report = JSON.parse(await run(`${CARELESS} --seeds ${SEEDS_LOOKED_AT} --no-reduce --format json`)) as readonly {
    readonly failures: readonly { readonly seed: number }[];
  }[];
  let before = 0;
  for (const { seed } of report[0]?.failures ?? []) {
    const text = await run(`${CARELESS} --seeds ${seed}-${seed}`);
    const faults = text.split('\n').filter((line) => /^ {4}\S/.test(line) && !line.includes('replay with'));
    if (faults.length === 1 && FAULT_OF_THE_STORY.test(faults[0] ?? ''))
      return `${CARELESS} --seeds ${before + 1}-${SEEDS_LOOKED_AT} --stop-on-failure`;
    before = seed;
  }
  throw new Error(
    `None of ${SEEDS_LOOKED_AT} seeds fails by a lost answer of the store alone: tell another story in ${TUTORIAL}`,
  );
}

function run(command: string): Promise<string> {
  const [, ...args] = command.split(' ').slice(1);
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
    execFile(
      process.execPath,
      [join(CLONE, 'dist', 'lib', 'cli', 'main.js'), ...args],
      { cwd: CLONE, env, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) => {
        // A failed seed ends with 1, which is what is shown here.
        if (error === null || error.code === 1) resolve(stdout);
        else reject(new Error(`'${command}' ended with ${error.code}: ${stderr}`));
      },
    );
  });
}

const TOLD = [
  'call',
  'call-end',
  'turn-start',
  'persist',
  'persist-ack',
  'fault',
  'sometimes',
  'store-write-accepted',
  'store-write-conflict',
];
/** How many of the events that are told stand before the fault, and behind the moment in which the order is repeated. */
const TOLD_BEFORE = 3;
const TOLD_AFTER = 5;

/** Of the timeline of a replay what has to do with the story, without the fields that have not, and how it ended. */
function storyOf(lines: readonly string[]): readonly string[] {
  const told = lines.filter((line) => TOLD.includes(/^ +\d+ +\S+s +\S+ +(\S+)/.exec(line)?.[1] ?? ''));
  const fault = told.findIndex((line) => line.includes('store-answer-lost'));
  const repeated = told.findIndex((line, index) => index > fault && line.includes('an order is repeated'));
  const events = told.slice(Math.max(0, fault - TOLD_BEFORE), repeated + TOLD_AFTER).map((line) => {
    const short = line.replace(/ (call|mode|remainingMs)=\S+/g, '');
    return line.includes(' call  ') ? short : short.replace(/ actor=[^=]*(?= \w+=|$)/, '');
  });
  return [...events, '   ...', ...lines.filter((line) => line.startsWith('FAILED'))];
}

function shortened(line: string): string {
  if (line.length <= LONGEST_LINE || !line.includes(', ')) return line;
  return `${line.slice(0, line.lastIndexOf(', ', LONGEST_LINE - 5))}, ...`;
}

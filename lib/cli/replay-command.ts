import { readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import picocolors from 'picocolors';
import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { stackOf } from '../errors/thrown-value';
import { NodeTimeProvider } from '../providers/node/node-time-provider';
import type { ChaosLevel } from '../simulation/chaos/profile/chaos-profile';
import { isFaultName } from '../simulation/chaos/fault-table/fault-table';
import type { ShownValue } from '../observability/event-log';
import type { TimelineEvent } from '../simulation/timeline/timeline';
import { formatTime } from '../simulation/timeline/virtual-time';
import { parseReplay } from '../simulation/reduction/replay-file';
import { PerfettoTrace } from '../simulation/report/perfetto-trace';
import { SequencePage, type RunSummary } from '../simulation/report/sequence-page';
import { describeRecipe, type RunRecipe } from '../simulation/seed-run/run-recipe';
import { runRecipe } from '../simulation/seed-run/run-seed';
import type { SeedResult } from '../simulation/seed-run/seed-result';
import { parseSeed } from '../simulation/runner/seed-selection';
import { ActorFilter } from './actor-filter';
import { EXIT_CODE, type ExitCode } from './exit-code';
import { ReplayOutput } from './replay-output';
import { findTargets, parseChaos, type SimulationTarget } from './simulation-target';

/** What follows `moonpool replay <file>`, as it was typed. */
export interface ReplayFlags {
  readonly seed?: string;
  readonly test?: string;
  readonly chaos?: string;
  readonly trace?: string;
  /** Where a page with the picture of the run is written. */
  readonly html?: string;
  readonly without?: readonly string[];
  readonly quiet?: boolean;
  /** `Type/key`: only what this actor does, and what befalls it. */
  readonly actor?: string;
  /** Show arguments, results and states. */
  readonly values?: boolean;
}

/** One run that is to be run again. */
interface Replay {
  readonly target: SimulationTarget;
  readonly recipe: RunRecipe;
  readonly chaos?: ChaosLevel;
  /** The hash that the run had when it was kept. */
  readonly hash?: string;
}

/** Runs one seed, or one kept replay file, with its timeline. */
export async function replay(path: string, flags: ReplayFlags): Promise<ExitCode> {
  const { target, recipe, chaos, hash } = path.endsWith('.json') ? await readReplay(path) : seedReplay(path, flags);
  const trace = new PerfettoTrace();
  const page = flags.html === undefined ? undefined : new SequencePage();
  const filter = flags.actor === undefined ? undefined : new ActorFilter(flags.actor);
  const output = new ReplayOutput((line) => process.stdout.write(`${line}\n`), filter);
  const onEvent = (event: TimelineEvent): void => {
    trace.add(event);
    page?.add(event);
    if (flags.quiet !== true) output.event(event);
  };
  const values =
    flags.values === true && flags.quiet !== true ? { onValue: (value: ShownValue) => output.value(value) } : {};
  process.stdout.write(`${target.title}, ${describeRecipe(recipe)}\n`);
  // Somebody who steps through it in a debugger takes his time.
  const test = { ...target.test, options: { ...target.test.options, realLimitMs: Number.MAX_SAFE_INTEGER } };
  const result = await runRecipe(target.plan, test, recipe, {
    clock: new NodeTimeProvider(),
    onEvent,
    ...values,
    ...(chaos === undefined ? {} : { chaos }),
  });
  output.flush();
  if (filter?.complaint !== undefined && flags.quiet !== true)
    process.stdout.write(picocolors.yellow(`${filter.complaint}\n`));
  if (flags.trace !== undefined) {
    await writeFile(flags.trace, JSON.stringify(trace));
    process.stdout.write(`The trace is in ${flags.trace}: open it at ui.perfetto.dev.\n`);
  }
  if (flags.html !== undefined && page !== undefined) {
    await writeFile(flags.html, page.html(summaryOf(`${target.title}, ${describeRecipe(recipe)}`, result)));
    process.stdout.write(`The page is ${flags.html}: open it in a browser.\n`);
  }
  return conclude(result, hash);
}

function summaryOf(title: string, result: SeedResult): RunSummary {
  const { faults, error } = result;
  const failure = error === undefined ? {} : { failure: stackOf(error) };
  return { title, facts: factsOf(result), faults, ...failure };
}

function factsOf({ events, virtualMs, hash }: SeedResult): string {
  return `${events} events, ${formatTime(virtualMs)} of virtual time, hash ${hash}`;
}

function conclude(result: SeedResult, expectedHash: string | undefined): ExitCode {
  const { hash, error, faults } = result;
  process.stdout.write(`${factsOf(result)}\n`);
  if (faults.size > 0)
    process.stdout.write(`faults: ${[...faults].map(([site, count]) => `${site} ${count}`).join(', ')}\n`);
  if (expectedHash !== undefined && expectedHash !== hash) {
    process.stdout.write(
      picocolors.yellow(
        `The kept run had the hash ${expectedHash}: the code has changed since, so this is another run.\n`,
      ),
    );
  }
  if (error === undefined) {
    process.stdout.write(picocolors.green('passed\n'));
    return EXIT_CODE.passed;
  }
  process.stdout.write(`${picocolors.red('FAILED')} ${stackOf(error)}\n`);
  return EXIT_CODE.failed;
}

async function readReplay(path: string): Promise<Replay> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MoonpoolError('INVALID_OPTION', {
      message: `The replay file ${path} cannot be read: ${reasonOf(cause)}`,
      cause,
      remedy: 'Name a file that `moonpool simulate` has written.',
    });
  });
  const { file, className, method, recipe, chaos, hash } = parseReplay(text, path);
  const [target] = findTargets(file, `${className}.${method}`);
  return { target: target as SimulationTarget, recipe, hash, ...(chaos === undefined ? {} : { chaos }) };
}

function seedReplay(path: string, { seed, test, chaos, without = [] }: ReplayFlags): Replay {
  if (seed === undefined)
    throw new MoonpoolError('INVALID_OPTION', {
      message: `${path} is no replay file, and no seed is given`,
      remedy: 'Add --seed, or name a replay file.',
    });
  const targets = findTargets(path, test);
  const [target] = targets;
  if (target === undefined || targets.length > 1) {
    const known = targets.map(({ plan, test: candidate }) => `${plan.type.name}.${candidate.method}`).join(', ');
    throw new MoonpoolError('INVALID_OPTION', {
      message: `${relative(process.cwd(), path)} has more than one test`,
      remedy: `Add --test with one of ${known}.`,
    });
  }
  const recipe: RunRecipe = {
    seed: parseSeed('--seed', seed),
    ...(without.length === 0 ? {} : { suppressed: without.map(faultNamed) }),
  };
  return { target, recipe, ...(chaos === undefined ? {} : { chaos: parseChaos(chaos) }) };
}

/** The name of the fault, also when its line was copied whole. @throws MoonpoolError INVALID_OPTION */
function faultNamed(text: string): string {
  const name = /^(?:name=)?(.* #\d+)(?:: .*)?$/.exec(text)?.[1] ?? text;
  if (isFaultName(name)) return name;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `--without is '${text}', which no fault is called`,
    remedy: "Give the name that a replay shows, such as 'clog-write node1>node2 #7'.",
  });
}

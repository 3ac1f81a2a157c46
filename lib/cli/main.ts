#!/usr/bin/env node
import 'reflect-metadata';
import { Command } from 'commander';
import picocolors from 'picocolors';
import { isMoonpoolError } from '../errors/moonpool-error';
import { stackOf } from '../errors/thrown-value';
import { EXIT_CODE, type ExitCode } from './exit-code';
import { inspect, type InspectFlags } from './inspect/inspect-command';
import { replay, type ReplayFlags } from './replay-command';
import { simulate, type SimulateFlags } from './simulate-command';

/** What is thrown before seeds are counted and yet says that the test fails. */
const FAILURES: ReadonlySet<string> = new Set([
  'SIMULATION_NOT_DETERMINISTIC',
  'STATE_OUTLIVES_RUN',
  'UNAWAITED_PROMISE',
  'SIMULATION_FAILED',
]);

function build(): Command {
  const program = new Command('moonpool').description(
    'Simulates clusters of virtual actors, replays what went wrong, and shows clusters that run.',
  );
  program.exitOverride();
  program
    .command('simulate')
    .description('run the simulation tests of a file over many seeds, on all cores')
    .argument(
      '<file>',
      'the file with the simulation class, for example dist/bank-simulation.js, or in TypeScript where tsx or @swc-node/register is installed',
    )
    .option('--test <name>', 'only this class, method or Class.method')
    .option(
      '--seeds <seeds>',
      'how many (1000), a range (500-600), a list (3,17), or until-covered; default: what the test says',
    )
    .option('--jobs <count>', 'how many threads; default: one for each core')
    .option('--chaos <level>', 'calm, default or hostile; default: what the test says')
    .option('--explore <runs>', 'instead of plain seeds, go on from runs that saw something new')
    .option('--stop-on-failure', 'end with the first seed that fails')
    .option('--format <format>', 'text, json or junit', 'text')
    .option('--output <file>', 'write the report there instead of printing it')
    .option('--replays <folder>', 'where reduced failures are kept', '.moonpool/replays')
    .option('--no-reduce', 'do not look for the faults that matter')
    .addHelpText(
      'after',
      '\nExit codes: 0 passed, 1 a seed failed, 2 wrong usage, 3 a sometimes was never true, 130 interrupted.',
    )
    .action(async (file: string, flags: SimulateFlags) => end(await simulate(file, flags)));
  program
    .command('replay')
    .description('run one seed, or one kept replay file, with its timeline; works under node --inspect-brk')
    .argument('<file>', 'the file with the simulation class, or a replay file (.json)')
    .option('--seed <seed>', 'the seed to replay')
    .option('--test <name>', 'the method, or Class.method, when the file has several')
    .option('--chaos <level>', 'calm, default or hostile; default: what the test says')
    .option('--trace <file>', 'write a trace that opens at ui.perfetto.dev')
    .option('--html <file>', 'write a page with the picture of the run: lanes, messages, turns, faults, what failed')
    .option('--without <faults...>', 'names of faults that shall not strike, as the timeline has them')
    .option('--actor <type/key>', 'only what this actor does, and what befalls it')
    .option('--values', 'show arguments and results of turns, and states before and after each accepted write')
    .option('--quiet', 'print no timeline')
    .action(async (file: string, flags: ReplayFlags) => end(await replay(file, flags)));
  program
    .command('inspect')
    .description('show a running cluster: its nodes, actors, mailboxes, directory and peers; changes nothing')
    .argument('<address>', 'where a node listens: host:port or unix:/path')
    .requiredOption('--namespace <name>', 'the namespace with which the nodes were started')
    .option('--all', 'show the parts of each node, and not only of the one at the address')
    .option('--json', 'print what the nodes say of themselves as one line of JSON')
    .option('--watch [seconds]', 'look again every 2 seconds, or as many as are given, until interrupted')
    .option('--timeout <milliseconds>', 'how long each process has for its answer', '3000')
    .option('--secret-file <file>', 'the cluster secret; default: what MOONPOOL_CLUSTER_SECRET holds')
    .option('--ca <file>', 'for TLS, in PEM: the authorities that count')
    .option('--cert <file>', 'for TLS, in PEM: the certificate that is shown')
    .option('--key <file>', 'for TLS, in PEM: its private key')
    .option('--server-name <name>', 'for TLS: the name that the certificates of all nodes are made out to')
    .addHelpText('after', '\nExit codes: 0 all answered, 1 a process did not answer, 2 wrong usage.')
    .action(async (address: string, flags: InspectFlags) => end(await inspect(address, flags)));
  return program;
}

function end(code: ExitCode): void {
  process.exitCode = code;
}

async function main(): Promise<void> {
  // The stacks of failures name the places that people wrote, not those that the compiler made of them.
  process.setSourceMapsEnabled(true);
  // Whoever reads the output may have seen enough, as `head` has.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? EXIT_CODE.passed);
  });
  try {
    await build().parseAsync();
  } catch (error) {
    const isUsage = (error as { readonly code?: string }).code?.startsWith('commander.') === true;
    if (isUsage) {
      // Commander has printed what was wrong, or the help that was asked for.
      process.exitCode = (error as { readonly exitCode?: number }).exitCode === 0 ? EXIT_CODE.passed : EXIT_CODE.usage;
      return;
    }
    process.stderr.write(`${picocolors.red(isMoonpoolError(error) ? error.message : stackOf(error))}\n`);
    const isBroken = isMoonpoolError(error) && FAILURES.has(error.code);
    process.exitCode = isBroken ? EXIT_CODE.failed : EXIT_CODE.usage;
  }
}

void main();

import { parseArgs } from 'node:util';
import { runBankModel, type BankModelResult } from './bank-model';

const HELP = `npm run bench:growth -- [--nodes 1,2,4,8,16,32] [--processors 4,8,16,32] [--node-us N] [--hop-us N] [--commit-us N] [--sync-us N] [--trip-us N] [--in-flight N]

How many transfers a second the bank makes on many machines with one PostgreSQL, by a simulation of their queues, and which part is busiest. The times are
those that were measured with \`npm start -- --store postgres\`; give those of your machines.

  --nodes       how many machines with a node each
  --processors  of the database server
  --node-us     what a transfer takes of the thread of its nodes, in microseconds
  --hop-us      what it takes more when its accounts are on two nodes
  --commit-us   what each of its two commits takes of a processor of the server
  --sync-us     one sync of the server's log
  --trip-us     a message between two machines
  --in-flight   transfers that are under way for each node`;

const SECONDS = 3;
/** As in the engine: how many records travel together. */
const TOGETHER = 128;

function wholeNumbers(text: string): readonly number[] {
  const values = numbers(text);
  if (!values.every(Number.isInteger))
    throw new Error(`'${text}' must be whole numbers. See npm run bench:growth -- --help.`);
  return values;
}

function numbers(text: string): readonly number[] {
  return text.split(',').map((each) => {
    const value = Number(each);
    if (!Number.isFinite(value) || value <= 0)
      throw new Error(`'${each}' is no number above 0. See npm run bench:growth -- --help.`);
    return value;
  });
}

/** A log that is always being synced is no limit: the more waits for a sync, the more goes together with it. */
function busiest({ busy: { nodes, server } }: BankModelResult): string {
  return nodes > server ? `nodes ${percent(nodes)}` : `server ${percent(server)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function main(): void {
  const { values } = parseArgs({
    options: {
      nodes: { type: 'string', default: '1,2,4,8,16,32' },
      processors: { type: 'string', default: '4,8,16,32' },
      'node-us': { type: 'string', default: '310' },
      'hop-us': { type: 'string', default: '40' },
      'commit-us': { type: 'string', default: '115' },
      'sync-us': { type: 'string', default: '500' },
      'trip-us': { type: 'string', default: '150' },
      'in-flight': { type: 'string', default: '256' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const one = (text: string): number => numbers(text)[0] ?? 0;
  const micros = (text: string): number => one(text) / 1_000;
  const times = {
    ...{ nodeMs: micros(values['node-us']), hopMs: micros(values['hop-us']) },
    ...{ commitMs: micros(values['commit-us']), syncMs: micros(values['sync-us']), tripMs: micros(values['trip-us']) },
  };
  const processors = wholeNumbers(values.processors);
  process.stdout.write(
    `${line(
      'nodes',
      processors.map((each) => `${each} processors`),
    )}\n`,
  );
  for (const nodes of wholeNumbers(values.nodes)) {
    const cells = processors.map((serverProcessors) => {
      const setting = {
        nodes,
        serverProcessors,
        inFlight: wholeNumbers(values['in-flight'])[0] ?? 1,
        together: TOGETHER,
        ...times,
      };
      const result = runBankModel(setting, SECONDS);
      return `${Math.round(result.throughput)} (${busiest(result)})`;
    });
    process.stdout.write(`${line(String(nodes), cells)}\n`);
  }
}

function line(first: string, cells: readonly string[]): string {
  return `${first.padStart(5)}  ${cells.map((cell) => cell.padStart(22)).join('')}`;
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

import { parseArgs } from 'node:util';
import { measure, type Measurement } from './measurement';
import { formatTable } from './report';
import { SCENARIOS } from './scenarios';

const USAGE = `Measures Moonpool, each scenario in turns with a baseline: the least that must happen in any case.

  npm run bench                        all scenarios
  npm run bench -- local persist       those with one of these words in their names
  npm run bench -- --rounds 9 remote   more rounds; the median counts (default 5)
  npm run bench -- --list              the names
  npm run bench -- --json              JSON lines alone, without the table
  DATABASE_URL=postgres://... npm run bench -- postgres     with a schema of its own in that database

A ratio compares with the baseline of the same run; absolute figures change with the machine and its other work.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = SCENARIOS.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  if (values.help || values.list) {
    process.stdout.write(values.help ? USAGE : SCENARIOS.map(({ name, what }) => `${name}: ${what}\n`).join(''));
    return 0;
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds must be a whole number above 0; '${values.rounds}' was given`);
  if (chosen.length === 0)
    throw new Error(`No scenario has one of these words in its name: ${positionals.join(', ')}. See --list.`);
  const measurements: Measurement[] = [];
  let failed = 0;
  for (const scenario of chosen) {
    try {
      const measurement = await measure(scenario, rounds);
      measurements.push(measurement);
      process.stdout.write(`${JSON.stringify(measurement)}\n`);
    } catch (error) {
      failed++;
      process.stderr.write(`${scenario.name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    }
  }
  if (!values.json) process.stdout.write(`\n${formatTable(measurements)}\n`);
  return failed === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);

import { ReliableScenario, SITUATIONS, type Situation } from './reliable-scenario';

/** So many seeds see every situation. */
const ENOUGH_SEEDS = 200;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs so many seeds of the scenario of reliable messages, one after the other: `node reliable-campaign.js 1000`, or `1 --from 12336`. */
async function main(): Promise<void> {
  const [, , count = '1000', flag, first] = process.argv;
  const seeds = Number(count);
  const from = flag === '--from' ? Number(first) : 1;
  const counts = new Map<Situation, number>(SITUATIONS.map((situation) => [situation, 0]));
  let delivered = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const outcome = await new ReliableScenario(seed).run();
    if (outcome.violations.length > 0) throw new Error(`Seed ${seed}: ${outcome.violations.slice(0, 5).join('; ')}`);
    delivered += outcome.delivered;
    for (const situation of outcome.situations) counts.set(situation, (counts.get(situation) ?? 0) + 1);
  }
  print(`${seeds} seeds, ${delivered} reliable messages delivered, each once and in order`);
  for (const [situation, times] of counts) print(`${situation}: in ${times} seeds`);
  if (seeds >= ENOUGH_SEEDS && [...counts.values()].includes(0)) throw new Error('A situation never came up');
}

main().catch((error: unknown) => {
  print(String(error));
  process.exitCode = 1;
});

import { ReliableScenario, SITUATIONS, type Situation } from './reliable-scenario';

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs so many seeds of the scenario of reliable messages, one after the other: `node reliable-campaign.js 1000`. */
async function main(): Promise<void> {
  const seeds = Number(process.argv[2] ?? 1_000);
  const counts = new Map<Situation, number>(SITUATIONS.map((situation) => [situation, 0]));
  let delivered = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = await new ReliableScenario(seed).run();
    if (outcome.violations.length > 0) throw new Error(`Seed ${seed}: ${outcome.violations.slice(0, 5).join('; ')}`);
    delivered += outcome.delivered;
    for (const situation of outcome.situations) counts.set(situation, (counts.get(situation) ?? 0) + 1);
  }
  print(`${seeds} seeds, ${delivered} reliable messages delivered, each once and in order`);
  for (const [situation, count] of counts) print(`${situation}: in ${count} seeds`);
  if ([...counts.values()].includes(0)) throw new Error('A situation never came up');
}

main().catch((error: unknown) => {
  print(String(error));
  process.exitCode = 1;
});

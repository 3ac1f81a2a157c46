import { LocalSystem } from 'moonpool/local';
import { primeJobs } from './prime-jobs';
import { askUntilAnswered, openOffice, type Counted } from './supervised-workers';

/** Two desks that collapse now and then, in front of threads that count primes. */
async function main(): Promise<void> {
  const system = LocalSystem.open();
  const { desks, news } = openOffice(system, primeJobs);
  let heard = 0;
  news.subscribe(system.spawn<Counted>(() => ({ receive: () => void heard++ }), { name: 'listener' }));
  const questions = Array.from({ length: 20 }, (_, at) => ((at % 5) + 1) * 200_000);
  const answers = await Promise.all(
    questions.map(async (below, at) => {
      const desk = desks[at % desks.length];
      return desk === undefined ? undefined : { below, ...(await askUntilAnswered(desk, below)) };
    }),
  );
  for (const answer of answers.slice(0, 5)) process.stdout.write(`${answer?.primes} primes below ${answer?.below}\n`);
  const collapses = answers.reduce((sum, answer) => sum + (answer?.attempts ?? 1) - 1, 0);
  await system.stop();
  process.stdout.write(
    `${answers.length} answers, ${collapses} questions asked again, ${heard} results heard by the listener\n`,
  );
}

void main();

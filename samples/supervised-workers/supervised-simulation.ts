import { LocalSystem } from 'moonpool/local';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { primeJobs } from './prime-jobs';
import { askUntilAnswered, openOffice } from './supervised-workers';

const PRIMES: Readonly<Record<number, number>> = { 10: 4, 100: 25, 1_000: 168 };

/** The office in virtual time, where desks collapse, threads die and jobs are slow as the seed says. */
export class OfficeSimulation {
  @SimulationTest(50, { nodes: 0, clients: 0, chaos: 'hostile' })
  async everyQuestionIsAnsweredRight(cluster: SimulatedCluster): Promise<void> {
    const system = LocalSystem.open(cluster.host('office').boot());
    const { desks, news } = openOffice(system, primeJobs);
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, at) => {
        const below = 10 ** ((at % 3) + 1);
        const desk = desks[at % desks.length];
        if (desk === undefined) throw new Error('an office has two desks');
        const { primes, attempts } = await askUntilAnswered(desk, below);
        if (primes !== PRIMES[below]) throw new Error(`${primes} primes below ${below} are not right`);
        return attempts;
      }),
    );
    cluster.sometimes(
      'a question was asked again',
      answers.some((attempts) => attempts > 1),
    );
    cluster.sometimes(
      'no question was asked again',
      answers.every((attempts) => attempts === 1),
    );
    if (news.counts.missed > 0) throw new Error('somebody missed a result, and nobody listened');
    await system.stop();
    if (system.names.length > 0) throw new Error(`still alive: ${system.names.join(', ')}`);
  }
}

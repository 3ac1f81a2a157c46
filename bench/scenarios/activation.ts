import { ActorRuntime } from 'moonpool';
import { Counter } from '../counter';
import { inFlight, rate, type Scenario } from '../measurement';

const ACTORS = 100_000;

/** First calls to actors that nobody called before, beside `new` and a map. */
export async function activation(): Promise<{ readonly scenarios: readonly Scenario[]; close(): Promise<void> }> {
  const runtime = await ActorRuntime.start({ namespace: 'bench', actors: [Counter] });
  let round = 0;
  const scenarios: Scenario[] = [
    {
      name: 'activate, stateless',
      unit: 'activations/s',
      target: 0.3,
      subject: () => {
        round++;
        return rate(ACTORS, () => inFlight(ACTORS, 1_000, (index) => runtime.actor(Counter, `${round}-${index}`).total()));
      },
      baseline: () => {
        const actors = new Map<string, Counter>();
        return rate(ACTORS, () =>
          inFlight(ACTORS, 1_000, async (index) => {
            const actor = new Counter();
            actors.set(`bench/Counter/${index}`, actor);
            return actor.total();
          }),
        );
      },
    },
  ];
  return { scenarios, close: () => runtime.shutdown() };
}

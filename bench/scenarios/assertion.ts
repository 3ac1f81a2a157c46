import { always } from 'moonpool/assertions';
import { perSecond, type Contestant, type Scenario } from '../scenario';

const LOOKS = 20_000_000;

const sound = always('bench: the number is a number');

/** Does nothing, as an assertion should in production. */
class Nothing {
  check(_condition: boolean, _details: () => object): void {}
}
const nothing = new Nothing();

/** Looks at an assertion where no simulation runs. */
export function assertionCheck(): Scenario {
  return {
    name: 'assertion',
    what: `${LOOKS / 1_000_000} million looks at an always outside of a simulation, with details that nobody asks for`,
    unit: 'looks/s',
    target: 0.5,
    async open(): Promise<Contestant> {
      return {
        run: () =>
          perSecond(LOOKS, async () => {
            for (let index = 0; index < LOOKS; index++) sound.check(index >= 0, () => ({ index }));
          }),
      };
    },
    baseline: {
      name: 'an empty method',
      async open(): Promise<Contestant> {
        return {
          run: () =>
            perSecond(LOOKS, async () => {
              for (let index = 0; index < LOOKS; index++) nothing.check(index >= 0, () => ({ index }));
            }),
        };
      },
    },
  };
}

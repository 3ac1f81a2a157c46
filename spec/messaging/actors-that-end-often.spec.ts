import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  Logger,
  memory,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';

/** By the key of each actor, what its turns have seen. */
const seen = new Map<string, number[]>();

@Actor({ name: 'Fleeting' })
class Fleeting {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async note(number: number): Promise<number> {
    const { key } = this.context;
    seen.set(key, [...(seen.get(key) ?? []), number]);
    this.context.deactivateOnIdle();
    return number;
  }
}

const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('An actor that ends after each of its turns', function () {
  this.timeout(60_000);
  for (const inProcess of [false, true]) {
    describe(inProcess ? 'called from object to object' : 'called by connections', () => {
      let runtimes: readonly ActorRuntime[] = [];
      beforeEach(async () => {
        seen.clear();
        const common: StartOptions = { namespace: 'spec', actors: [Fleeting], modules: [memory(), silent], inProcess };
        const nodes = [
          await ActorRuntime.start({ ...common, name: 'n1' }),
          await ActorRuntime.start({ ...common, name: 'n2' }),
        ];
        runtimes = [...nodes, await ActorRuntime.connect({ ...common, name: 'c' })];
      });
      afterEach(async () => {
        for (const runtime of [...runtimes].reverse()) await runtime.shutdown();
      });

      const droppedIn = (runtime: ActorRuntime): number => runtime.inspect().calls.dropped;

      it('answers every call, and in the order of each caller', async () => {
        const work = runtimes.map(async (runtime, caller) => {
          for (let number = 0; number < 40; number += 4) {
            await Promise.all(
              [0, 1, 2, 3].map((step) => runtime.actor(Fleeting, 'f').note(caller * 1_000 + number + step)),
            );
            await sleep(number % 3);
          }
        });
        await Promise.all(work);
        const numbers = seen.get('f') ?? [];
        expect(numbers).to.have.length(120);
        for (let caller = 0; caller < 3; caller++) {
          const own = numbers.filter((number) => Math.floor(number / 1_000) === caller);
          expect(own).to.deep.equal([...own].sort((a, b) => a - b));
        }
      });

      it('loses no message of which nobody waits for the answer', async () => {
        for (let number = 0; number < 200; number++) {
          for (const [index, runtime] of runtimes.entries()) {
            const reference = runtime.actor(Fleeting, `f${number % 3}`);
            if (index === 1) void reference.$trySend.note(number);
            else reference.$send.note(number);
          }
          if (number % 10 === 0) await sleep(number % 4);
        }
        const count = () => [...seen.values()].reduce((sum, numbers) => sum + numbers.length, 0);
        for (let waited = 0; count() < 600 && waited < 300; waited++) await sleep(20);
        expect([count(), ...runtimes.map(droppedIn)]).to.deep.equal([600, 0, 0, 0]);
      });
    });
  }
});

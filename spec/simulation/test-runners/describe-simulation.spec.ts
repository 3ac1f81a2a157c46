import { expect } from 'chai';
import { collectSimulationTests } from '../../../lib/metadata/simulation-record';
import type { TestFunctions } from '../../../lib/simulation/test-runners/test-runner';
import { describeSimulation, SimulationTest, type SimulatedCluster } from '../../../simulation';
import { Ledger } from '../cluster/ledger-fixture';

/** Declared while a collector listens, so that the mocha of this spec does not run it. */
function declareClass() {
  class Described {
    static readonly actors = [Ledger];

    @SimulationTest(3, { chaos: 'calm' })
    async passes(cluster: SimulatedCluster): Promise<void> {
      await cluster.client().actor(Ledger, 'a').append(1);
    }

    @SimulationTest([2], { chaos: 'calm' })
    async fails(): Promise<void> {
      throw new Error('as it should');
    }
  }
  return Described;
}

describe('describeSimulation', () => {
  let described: ReturnType<typeof declareClass>;
  before(() => {
    collectSimulationTests(() => (described = declareClass()));
  });

  function declared(): Map<string, () => Promise<void>> {
    const bodies = new Map<string, () => Promise<void>>();
    const functions: TestFunctions = {
      describe: (_title, body) => body(),
      it: (title, body) => bodies.set(title, body),
    };
    describeSimulation(described, functions);
    return bodies;
  }

  it('declares each test of the class', () => {
    expect([...declared().keys()]).to.deep.equal(['passes', 'fails']);
  });

  it('makes a test that passes when all seeds do', async () => {
    await declared().get('passes')?.();
  });

  it('makes a test that rejects with the seed and the command that replays it', async () => {
    const failed = await declared()
      .get('fails')?.()
      .then(
        () => undefined,
        (error: Error) => error,
      );
    expect(failed?.message).to.contain('failed with seed 2');
    expect(failed?.message).to.contain('as it should');
    expect(failed?.message).to.match(/Replay: MOONPOOL_SEED=2 npx mocha -g 'Described fails'/);
  });

  it('refuses a class without tests, by name', () => {
    class Bare {}
    expect(() => describeSimulation(Bare)).to.throw(
      /INVALID_SIMULATION_CLASS: The class Bare cannot be simulated: it has no method marked with @SimulationTest/,
    );
  });

  it('declares nothing twice to mocha, which has seen the decorators', () => {
    let calls = 0;
    class Seen {
      static readonly actors = [Ledger];
      test(): void {}
    }
    const globals = globalThis as unknown as Record<string, unknown>;
    const kept = { describe: globals['describe'], it: globals['it'] };
    class FakeTest {
      timeout(): this {
        return this;
      }
    }
    const suite = { addTest: () => calls++ };
    Object.assign(globals, {
      describe: (_title: string, body: () => void) => (body(), suite),
      it: () => (calls++, new FakeTest()),
    });
    try {
      SimulationTest(1)(Seen.prototype, 'test', Object.getOwnPropertyDescriptor(Seen.prototype, 'test') ?? {});
      describeSimulation(Seen);
    } finally {
      Object.assign(globals, kept);
    }
    expect(calls).to.equal(1);
  });

  it('tells the command line of a class, and declares nothing', () => {
    const found = collectSimulationTests(() =>
      describeSimulation(described, { describe: () => expect.fail('declared'), it: () => undefined }),
    );
    expect(found).to.deep.equal([described]);
  });
});

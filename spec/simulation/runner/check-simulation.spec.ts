import { expect } from 'chai';
import { Actor, Handler } from 'moonpool';
import {
  noteInvariant,
  noteSimulationTest,
  type InvariantOptions,
  type SeedSelection,
  type SimulationOptions,
} from '../../../lib/metadata/simulation-record';
import { undecided, violated } from '../../../lib/simulation/checkers/histories/verdict';
import { checkSets } from '../../../lib/simulation/checkers/sets';
import { checkSimulation, runSimulation } from '../../../lib/simulation/runner/run-simulation';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import { planSimulation, type SimulationClass } from '../../../lib/simulation/seed-run/simulation-class';
import { failureOf } from '../../activation/cluster-fixture';
import { withoutMocha } from './without-mocha';

@Actor({ name: 'Fine' })
class Fine {
  @Handler() async ask(): Promise<number> {
    return 1;
  }
}

const CALM: SimulationOptions = { chaos: 'calm', nodes: 1 };
const QUICK = { checkDeterminism: false } as const;

/** Marks methods of a class as its decorators would, without mocha taking them up. */
function tests<T extends SimulationClass>(
  type: T,
  ...marks: readonly (readonly [method: string, seeds?: SeedSelection, options?: SimulationOptions])[]
): T {
  withoutMocha(() => {
    for (const [method, seeds = 1, options = CALM] of marks)
      noteSimulationTest(type, { method, seeds, options, isStaticMember: false });
  });
  return type;
}

function invariant(type: object, method: string, options: InvariantOptions = {}): void {
  noteInvariant(type, { method, isStaticMember: false, options });
}

/** A class of its own each time, with one test that notes its runs. */
function counting(fails: (seed: number) => boolean = () => false): {
  readonly type: SimulationClass;
  readonly runs: number[];
} {
  const runs: number[] = [];
  class Counting {
    static readonly actors = [Fine];
    body(cluster: SimulatedCluster): void {
      runs.push(cluster.seed);
      if (fails(cluster.seed)) throw new Error(`seed ${cluster.seed} is not liked`);
    }
  }
  return { type: Counting, runs };
}

describe('checkSimulation', () => {
  it('resolves to the reports when all pass', async () => {
    const { type, runs } = counting();
    const [report, ...others] = await checkSimulation(tests(type, ['body', 3]), QUICK);
    expect(others).to.deep.equal([]);
    expect(report?.seeds).to.equal(3);
    expect(report?.passed).to.equal(true);
    expect(runs).to.deep.equal([1, 2, 3]);
  });

  it('rejects when a seed fails, naming it, how to replay it and which others failed', async () => {
    const { type } = counting((seed) => seed > 1);
    const error = await failureOf(checkSimulation(tests(type, ['body', 4]), QUICK));
    expect(error.message).to.match(/^SIMULATION_FAILED: Counting body failed with seed 2 /);
    expect(error.message).to.contain('seed 2 is not liked');
    expect(error.message).to.contain('So did 2 of the other 3 seeds: 3, 4');
    expect(error.message).to.contain("Replay: checkSimulation(Counting, { method: 'body', seeds: [2] })");
  });

  it('runs every test of the class, and rejects when the last of them fails', async () => {
    class Two {
      static readonly actors = [Fine];
      first(): void {}
      second(): void {
        throw new Error('the second fails');
      }
    }
    const error = await failureOf(checkSimulation(tests(Two, ['first'], ['second']), QUICK));
    expect(error.message).to.contain('Two second failed with seed 1');
  });

  it('rejects when something was never seen, unless that is only to be reported', async () => {
    class Blind {
      static readonly actors = [Fine];
      body(cluster: SimulatedCluster): void {
        cluster.sometimes('pigs fly', false);
      }
      told(cluster: SimulatedCluster): void {
        cluster.sometimes('pigs fly', false);
      }
    }
    tests(Blind, ['body'], ['told', 1, { ...CALM, coverage: 'report' }]);
    expect((await failureOf(checkSimulation(Blind, { ...QUICK, method: 'body' }))).message).to.contain(
      "never saw 'pigs fly'",
    );
    await checkSimulation(Blind, { ...QUICK, method: 'told' });
  });
});

describe('runSimulation', () => {
  it('resolves also when seeds fail, and its report throws when it is asked', async () => {
    const { type } = counting(() => true);
    const report = await runSimulation(tests(type, ['body', 2]), QUICK);
    expect(report.failures).to.have.length(2);
    expect(report.passed).to.equal(false);
    expect(() => report.assertPassed()).to.throw('SIMULATION_FAILED: Counting body failed with seed 1');
  });

  it('runs no seed again that was run for the comparisons, unless somebody listens', async () => {
    const { type, runs } = counting((seed) => seed === 2);
    const told: number[] = [];
    tests(type, ['body', 4]);
    const report = await runSimulation(type, { onSeed: ({ seed }) => told.push(seed) });
    expect(runs).to.deep.equal([1, 1, 2, 1, 3, 4]);
    expect(told).to.deep.equal([1, 2, 3, 4]);
    expect(report.failures.map(({ seed }) => seed)).to.deep.equal([2]);
    runs.length = 0;
    await runSimulation(type, { onEvent: () => undefined });
    expect(runs).to.deep.equal([1, 1, 2, 1, 1, 2, 3, 4]);
    runs.length = 0;
    await runSimulation(type, { suppressed: ['clog-write node1>node2 #7'], seeds: [1] });
    expect(runs).to.deep.equal([1, 1, 2, 1, 1]);
  });

  it('refuses what is no class, such as what an import cycle has left undefined', async () => {
    for (const type of [undefined, null, {}, () => 1]) {
      const error = await failureOf(checkSimulation(type as never));
      expect(error.message).to.match(/^INVALID_OPTION: .* must be a class with methods marked @SimulationTest/);
    }
  });

  it('asks which of several tests is meant', async () => {
    class Two {
      static readonly actors = [Fine];
      first(): void {}
      second(): void {}
    }
    const error = await failureOf(runSimulation(tests(Two, ['first'], ['second']), QUICK));
    expect(error.message).to.contain(
      'has 2 tests, and no `method` says which is meant. Name one: first, second; or run them all with checkSimulation.',
    );
  });
});

describe('A set of seeds that is empty', () => {
  const EMPTY: readonly unknown[] = [
    0,
    -1,
    0.5,
    Number.NaN,
    Infinity,
    [],
    [0.5],
    Array.from({ length: 3 }),
    { from: 9, to: 3 },
    { from: 1 },
    { to: 3 },
    { from: 0.5, to: 3 },
    { from: 1, to: Number.NaN },
    { from: 1, to: 2, step: 2 },
    null,
    '5',
    'until-coverd',
    {},
  ];

  it('is refused, and whatever else is none, before anything runs', async () => {
    const { type, runs } = counting();
    tests(type, ['body']);
    for (const seeds of EMPTY) {
      const error = await failureOf(runSimulation(type, { seeds: seeds as SeedSelection }));
      expect(error.message, JSON.stringify(seeds)).to.match(
        /^INVALID_OPTION: The option seeds of runSimulation must be a number of seeds above 0/,
      );
      expect((await failureOf(checkSimulation(type, { seeds: seeds as SeedSelection }))).message).to.contain(
        'INVALID_OPTION',
      );
    }
    expect(runs).to.deep.equal([]);
  });

  it('is refused in the decorator', () => {
    for (const seeds of EMPTY) {
      const { type } = counting();
      expect(() => planSimulation(tests(type, ['body', seeds as SeedSelection])), JSON.stringify(seeds)).to.throw(
        'INVALID_SIMULATION_CLASS',
      );
    }
  });

  it('of which one is left when both ends are the same', async () => {
    const { type, runs } = counting();
    await checkSimulation(tests(type, ['body']), { ...QUICK, seeds: { from: 7, to: 7 } });
    expect(runs).to.deep.equal([7]);
  });
});

describe('A simulation class', () => {
  const mistakesOf = (type: SimulationClass): string => {
    try {
      planSimulation(type);
      return 'none';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('fails where a test gives back the code that it was to run', async () => {
    const unrun = (): never => {
      throw new Error('this never runs');
    };
    const bodies = {
      returnsFunction: () => async () => unrun(),
      *generates(): Generator {
        yield unrun();
      },
      async *generatesLater(): AsyncGenerator {
        yield unrun();
      },
    };
    for (const [method, body] of Object.entries(bodies)) {
      class Unrun {
        static readonly actors = [Fine];
      }
      Object.defineProperty(Unrun.prototype, method, { value: body });
      const error = await failureOf(checkSimulation(tests(Unrun, [method]), QUICK));
      expect(error.message, method).to.match(/gives back a function, whose code has not run|stands on the generator/);
    }
  });

  it('fails where a test returns false, which nobody would look at', async () => {
    class Doubtful {
      static readonly actors = [Fine];
      async holds(): Promise<boolean> {
        return false;
      }
    }
    const error = await failureOf(checkSimulation(tests(Doubtful, ['holds']), QUICK));
    expect(error.message).to.contain("The test 'holds' returned false, and should throw");
  });

  it('fails where a test returns what it has found, an error or a verdict, which nobody would look at', async () => {
    const endings: readonly (readonly [unknown, string | undefined])[] = [
      [new RangeError('lost'), 'returned an error, and should throw it: lost'],
      [checkSets([]), undefined],
      [violated('complete', 'something was lost'), 'and should give it to requireHolds: The history is not complete'],
      [[checkSets([]), undecided('complete', 'it took too long')], 'Nobody knows whether the history is complete'],
      [{ kind: 'violated' }, undefined],
      [[1, 2], undefined],
    ];
    for (const [answer, words] of endings) {
      class Finding {
        static readonly actors = [Fine];
        async holds(): Promise<unknown> {
          return answer;
        }
      }
      const { failures } = await runSimulation(tests(Finding, ['holds']), QUICK);
      const messages = failures.map(({ error }) => (error as Error).message).join();
      if (words === undefined) expect(messages).to.equal('');
      else expect(messages).to.contain("The test 'holds' ").and.contain(words);
    }
  });

  it('has the tests and invariants of the class that it extends, its own overrides among them', async () => {
    const ran: string[] = [];
    class Base {
      static readonly actors = [Fine];
      inherited(): void {
        ran.push(`inherited of ${this.constructor.name}`);
      }
      overridden(): void {
        ran.push('overridden of Base');
      }
      watched(): void {
        throw new Error('the invariant of the base is looked at');
      }
    }
    class Derived extends Base {
      override overridden(): void {
        ran.push('overridden of Derived');
      }
      own(): void {
        ran.push('own');
      }
      override watched(): void {}
    }
    class Silent extends Base {}
    tests(Base, ['inherited'], ['overridden', 5]);
    tests(Derived, ['own'], ['overridden', 1]);
    await checkSimulation(Derived, QUICK);
    expect(ran).to.deep.equal(['inherited of Derived', 'overridden of Derived', 'own']);
    expect(planSimulation(Base).tests.map(({ method, seeds }) => `${method} ${String(seeds)}`)).to.deep.equal([
      'inherited 1',
      'overridden 5',
    ]);
    invariant(Base, 'watched');
    expect((await failureOf(checkSimulation(Silent, QUICK))).message).to.contain(
      'the invariant of the base is looked at',
    );
  });

  it('may have no test that stands on something which is never run', () => {
    class Strange {
      static readonly actors = [Fine];
      get getter(): number {
        return 1;
      }
      *generator(): Generator {}
      async *stream(): AsyncGenerator {}
    }
    const told = mistakesOf(tests(Strange, ['getter'], ['generator'], ['stream'], ['missing']));
    for (const expected of [
      "@SimulationTest stands on 'getter', which is no method",
      "generator 'generator', whose code would never be run",
      "generator 'stream'",
      "'missing', which is no method",
    ]) {
      expect(told).to.contain(expected);
    }
  });

  it('may have no option that does not exist or cannot work', () => {
    const { type } = counting();
    const wrong = {
      choas: 'hostile',
      nodes: 1.5,
      chaos: 'hostil',
      coverage: 'requires',
      fence: 'on',
      maxDead: -1,
      realLimitMs: 0,
      topology: { zone: 2 },
    };
    const told = mistakesOf(tests(type, ['body', 1, wrong as unknown as SimulationOptions]));
    for (const expected of [
      'no option choas of @SimulationTest of body',
      'option nodes',
      'option chaos',
      'option coverage',
      'option fence',
      'option maxDead',
      'option realLimitMs',
      'no option topology.zone',
    ]) {
      expect(told).to.contain(expected);
    }
    expect(mistakesOf(tests(counting().type, ['body', 1, { nodes: 0 }]))).to.contain('a cluster without nodes');
  });

  it('may have no invariant that is never looked at', () => {
    const { type } = counting();
    tests(type, ['body']);
    invariant(type, 'body', { after: [] });
    expect(mistakesOf(type)).to.contain('is empty, so that it would never be checked');
    const { type: other } = counting();
    tests(other, ['body']);
    invariant(other, 'body', { after: ['store-write-acepted', 'bank:settled'] });
    expect(mistakesOf(other)).to.match(/"store-write-acepted" was given; did you mean 'store-write-accepted'\?/);
    const { type: own } = counting();
    tests(own, ['body']);
    invariant(own, 'body', { after: ['bank:settled', 'turn-end', 'boot', 'error'] });
    expect(mistakesOf(own)).to.equal('none');
  });
});

describe('An invariant', () => {
  const endOf = async (answer: unknown): Promise<string> => {
    class Watched {
      static readonly actors = [Fine];
      body(): void {}
      watched(): unknown {
        return answer;
      }
    }
    invariant(tests(Watched, ['body']), 'watched');
    const report = await runSimulation(Watched, QUICK);
    return report.failures[0] === undefined ? 'passed' : String((report.failures[0].error as Error).message);
  };

  it('that returns false, an error or a bad verdict does not hold', async () => {
    expect(await endOf(false)).to.contain("The invariant 'watched' does not hold: it returned false");
    expect(await endOf(new Error('lost'))).to.contain('it returned an error, and should throw it: lost');
    expect(await endOf(violated('complete', 'lost'))).to.contain('The history is not complete: lost');
  });

  it('that is asynchronous is refused, for it would speak too late', async () => {
    expect(await endOf(Promise.resolve())).to.contain('it is asynchronous');
    expect(await endOf(Promise.reject(new Error('too late')))).to.contain('it is asynchronous');
  });

  it('may return whatever else there is', async () => {
    expect(await endOf(true)).to.equal('passed');
    expect(await endOf(undefined)).to.equal('passed');
  });
});

describe('A verb of the cluster', () => {
  const VERBS: Readonly<Record<string, (cluster: SimulatedCluster) => unknown>> = {
    'a place that does not exist': (cluster) => cluster.places.isolate('dc9'),
    'an option that does not exist': (cluster) => cluster.isolate(cluster.nodes[0] as never, { forMS: 5 } as never),
    'a node that does not exist': (cluster) => cluster.partition(cluster.nodes[0] as never, cluster.nodes[7] as never),
    'a sleep of no time': (cluster) => cluster.sleep(Number.NaN),
    'a sleep for a text': (cluster) => cluster.sleep('5' as never),
    'a sleep that is not said': (cluster) => cluster.sleep(undefined as never),
    'a sleep backwards': (cluster) => cluster.sleep(-5),
    'a step of the clock that is none': (cluster) => cluster.nodes[0]?.setWallClock(Number.NaN),
    'a rate of the clock that is none': (cluster) => cluster.nodes[0]?.runClockAt(0),
    'an event that never happens': (cluster) => cluster.onEvent(() => undefined, ['turn-ends' as never]),
    'a listener that is none': (cluster) => cluster.onEvent(undefined as never),
    'a time that is none': (cluster) => cluster.pause(cluster.nodes[0] as never, Number.NaN),
    'a death that nobody dies': (cluster) => cluster.crash(cluster.nodes[0] as never, 'sleep' as never),
    'a shape that is none': (cluster) => cluster.partitionBy('half' as never, cluster.nodes[0] as never),
    'a side that is none': (cluster) =>
      cluster.clog(cluster.nodes[0] as never, cluster.nodes[0] as never, { side: 'write' } as never),
    'one end of a link only': (cluster) => cluster.unclog(cluster.nodes[0] as never),
    'survivors that are none': (cluster) => cluster.quiesce({ survivors: 'most' } as never),
    'a promise for a condition': (cluster) => cluster.sometimes('it is so', Promise.resolve(false) as never),
    'a list of strangers': (cluster) => cluster.swizzle({ nodes: ['node1'] } as never),
  };
  for (const [what, verb] of Object.entries(VERBS)) {
    it(`refuses ${what}, in place of doing nothing`, async () => {
      class Verbs {
        static readonly actors = [Fine];
        async body(cluster: SimulatedCluster): Promise<void> {
          await verb(cluster);
        }
      }
      const [failure] = (await runSimulation(tests(Verbs, ['body']), QUICK)).failures;
      expect(String((failure?.error as Error | undefined)?.message)).to.match(/^INVALID_OPTION: /);
    });
  }
});

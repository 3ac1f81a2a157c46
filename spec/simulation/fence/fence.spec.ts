import { expect } from 'chai';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { isMoonpoolError } from '../../../lib/errors/moonpool-error';
import { checkDeterminism } from '../../../lib/simulation/runner/determinism';
import { clock, lineOf, planOf, runBody, runHandler } from './fence-fixture';
import { Careless } from './careless-fixture';

const TEMPORAL = Reflect.has(globalThis, 'Temporal')
  ? ([
      ['temporalInstant', 'Temporal.Now.instant'],
      ['temporalDateTime', 'Temporal.Now.plainDateTimeISO'],
    ] as const)
  : [];

/** Handlers whose call is answered by the simulated world, with the function and the mark of its line. */
const ANSWERED = [
  ['dateNow', 'Date.now'],
  ['newDate', 'new Date()'],
  ['performanceNow', 'performance.now'],
  ...TEMPORAL,
  ['hrtime', 'process.hrtime'],
  ['hrtimeBigint', 'process.hrtime.bigint'],
  ['mathRandom', 'Math.random'],
  ['randomUuid', 'crypto.randomUUID'],
  ['webRandomUuid', 'crypto.randomUUID', 'globalThis.crypto'],
  ['randomValues', 'crypto.getRandomValues'],
  ['randomBytes', 'crypto.randomBytes'],
  ['randomInt', 'crypto.randomInt'],
  ['timeout', 'setTimeout'],
  ['immediate', 'setImmediate'],
  ['interval', 'setInterval'],
  ['promisedTimeout', 'timers/promises.setTimeout'],
  ['promisifiedTimeout', 'setTimeout', 'promisify(setTimeout)'],
  ['signalTimeout', 'AbortSignal.timeout'],
  ['weakReference', 'new WeakRef()'],
  ['finalization', 'new FinalizationRegistry()'],
] as const;

/** Handlers whose call is refused. */
const REFUSED = [
  ['requiredRead', 'fs.readFileSync'],
  ['importedRead', 'fs/promises.readFile'],
  ['fetches', 'fetch'],
  ['connects', 'net.connect'],
  ['requests', 'http.request'],
  ['looksUp', 'dns/promises.lookup'],
  ['executes', 'child_process.exec'],
  ['threads', 'worker_threads.Worker'],
  ['makesKeys', 'crypto.generateKeyPairSync'],
  ['compresses', 'zlib.gzip'],
  ['digests', 'crypto.subtle.digest'],
] as const;

const OWNERS: readonly (readonly [string, object])[] = [
  ['globalThis', globalThis],
  ['Date', Date],
  ['Math', Math],
  ['fs', fs],
  ['process', process],
  ['crypto', crypto],
  ['timers', require('node:timers') as object],
  ['timers/promises', require('node:timers/promises') as object],
];

/** The test runner makes its own globals again for each file. */
const GLOBALS = /^globalThis\.(Date|set|clear|fetch|WeakRef|FinalizationRegistry)/;

/** The functions of all owners, by name. */
/** Node.js makes these when they are read first, and puts them in the place of what made them: they differ without anybody's doing. */
const MADE_WHEN_READ = ['crypto.prng', 'crypto.pseudoRandomBytes', 'crypto.rng'];

function presentFunctions(): ReadonlyMap<string, unknown> {
  return new Map(
    OWNERS.flatMap(([name, owner]) =>
      Object.entries(Object.getOwnPropertyDescriptors(owner)).map(
        ([key, { value }]) => [`${name}.${key}`, value as unknown] as const,
      ),
    ).filter(
      ([name, value]) =>
        typeof value === 'function' &&
        !MADE_WHEN_READ.includes(name) &&
        (!name.startsWith('globalThis.') || GLOBALS.test(name)),
    ),
  );
}

// Looked at while files are loaded, when no run of this spec has been.
const functionsBefore = presentFunctions();

describe('The fence of a simulated run', () => {
  for (const [handler, name, mark = name] of ANSWERED) {
    it(`answers ${mark} of an actor by the seed, and fails the seed with the place in the source`, async () => {
      const [first, second, other] = [
        await runHandler(handler),
        await runHandler(handler),
        await runHandler(handler, {}, 2),
      ];
      expect(first.error).to.have.property('code', 'AMBIENT_ACCESS');
      expect((first.error as Error).message).to.contain(`${name} was called at ${lineOf(mark)}:`);
      expect(first.accesses[0]).to.include({ name, kind: 'answered', node: first.accesses[0]?.node });
      expect(first.accesses[0]?.node).to.match(/^node\d\.1$/);
      expect(first.answer).not.to.be.instanceOf(Error);
      expect(second.answer).to.deep.equal(first.answer);
      expect(second.hash).to.equal(first.hash);
      expect(other.hash).not.to.equal(first.hash);
    });
  }

  for (const [handler, name, mark] of [
    ['environment', 'process.env.PATH', 'process.env.PATH'],
    ['importedEnvironment', 'process.env.PATH', 'imported env'],
    ['wholeEnvironment', 'process.env', 'process.env'],
  ] as const) {
    it(`finds that an actor reads ${mark}, and fails the seed with the place in the source`, async () => {
      const { error, answer, accesses } = await runHandler(handler);
      expect(error).to.have.property('code', 'AMBIENT_ACCESS');
      expect((error as Error).message).to.contain(`${name} was read at ${lineOf(mark)}:`);
      expect(accesses[0]).to.include({ name, kind: 'read' });
      expect(answer).to.equal(handler === 'wholeEnvironment' ? Object.keys(process.env).length : process.env['PATH']);
      expect(String((await runHandler(handler, { fence: 'refuse' })).answer)).to.contain('AMBIENT_ACCESS');
    });
  }

  for (const [handler, name] of REFUSED) {
    it(`refuses ${name} of an actor, and fails the seed with the place in the source`, async () => {
      const { answer, error } = await runHandler(handler);
      expect(String(answer)).to.contain('AMBIENT_ACCESS');
      expect(error).to.have.property('code', 'AMBIENT_ACCESS');
      expect((error as Error).message)
        .to.contain(`Seed 1 met code`)
        .and.to.contain(`${name} was refused at ${lineOf(name)}:`);
    });
  }

  for (const [handler, kind] of [
    ['capturedRead', 'FSReqCallback'],
    ['capturedTimer', 'Timeout'],
    ['capturedImmediate', 'Immediate'],
  ] as const) {
    it(`finds a ${kind} that a function taken before the run has left open, and the place`, async () => {
      const { error, accesses } = await runHandler(handler);
      expect(error).to.have.property('code', 'AMBIENT_ACCESS');
      expect(accesses).to.have.length(1);
      expect(accesses[0]).to.include({ name: kind, kind: 'left-open' });
      expect(accesses[0]?.place).to.contain(lineOf(kind));
    });
  }

  it('does not blame a test for what Node has begun for itself, nor runs the seed again to see who it was', async () => {
    const { getActiveResourcesInfo } = process;
    let looks = 0;
    process.getActiveResourcesInfo = () => [
      ...getActiveResourcesInfo.call(process),
      ...Array.from({ length: looks++ }, () => 'Immediate'),
    ];
    try {
      const { error, accesses } = await runHandler('careful');
      expect(looks).to.equal(2);
      expect(error).to.equal(undefined);
      expect(accesses).to.deep.equal([]);
    } finally {
      process.getActiveResourcesInfo = getActiveResourcesInfo;
    }
  });

  it('answers with the clock of the machine, and within the range that was asked for', async () => {
    const wall = await runHandler('dateNow');
    expect(wall.answer).to.be.within(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + wall.virtualMs + 200);
    expect((await runHandler('newDate')).answer).to.match(/^2026-01-01T00:00:0/);
    expect((await runHandler('mathRandom', {}, 1)).answer).not.to.equal((await runHandler('mathRandom', {}, 2)).answer);
    expect((await runHandler('randomInt')).answer).to.be.within(10, 19);
    expect((await runHandler('randomUuid')).answer).to.match(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect((await runHandler('promisedTimeout')).answer).to.equal('slept');
    expect((await runHandler('signalTimeout')).answer).to.equal('TimeoutError');
    expect((await runHandler('interval')).answer).to.equal(3);
  });

  it('leaves alone what is made from given values, and what the providers answer', async () => {
    const { error, accesses, answer } = await runHandler('careful', { chaos: 'hostile' });
    expect(error).to.equal(undefined);
    expect(accesses).to.deep.equal([]);
    expect(answer).to.match(/^2026-01-01/);
  });

  it('reports the code of the test itself, each place once', async () => {
    const { accesses } = await runBody(async (cluster) => {
      for (let round = 0; round < 3; round++) {
        Math.random();
        await cluster.sleep(10);
      }
    });
    expect(accesses).to.have.length(1);
    expect(accesses[0]).to.include({ name: 'Math.random', node: 'the test', count: 3 });
  });

  it('throws at once where it shall refuse', async () => {
    const { answer, error } = await runHandler('mathRandom', { fence: 'refuse' });
    expect(String(answer)).to.contain('AMBIENT_ACCESS');
    expect(error).to.have.property('code', 'AMBIENT_ACCESS');
  });

  it('looks at nothing where it is off', async () => {
    const { answer, error } = await runHandler('dateNow', { fence: 'off' });
    expect(error).to.equal(undefined);
    expect(answer).to.be.closeTo(Date.now(), 60_000);
  });

  it('keeps the error of a run that failed besides', async () => {
    const { error } = await runBody(async () => {
      Math.random();
      throw new Error('something else');
    });
    expect(error).to.have.property('code', 'AMBIENT_ACCESS');
    expect((error as Error).message).to.contain('The run itself ended with: something else');
    expect(error).to.have.nested.property('cause.message', 'something else');
  });

  it('stands in front of what an ESM module has imported by name before the run', async () => {
    const source = `import { readFileSync } from 'node:fs'; import { randomUUID } from 'node:crypto'; export const read = () => readFileSync('/'); export const draw = () => randomUUID();`;
    const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
      read(): void;
      draw(): string;
    };
    const drawn: string[] = [];
    const { error, accesses } = await runBody(async () => {
      drawn.push(module.draw());
      module.read();
    });
    expect(error).to.have.property('code', 'AMBIENT_ACCESS');
    expect(accesses.map(({ name, kind }) => `${name} ${kind}`)).to.deep.equal([
      'crypto.randomUUID answered',
      'fs.readFileSync refused',
    ]);
    await runBody(async () => void drawn.push(module.draw()));
    expect(drawn[0]).to.equal(drawn[1]);
    expect(module.draw()).not.to.equal(drawn[0]);
  });

  it('gives everything back as it was, also after a run that failed', async () => {
    await runBody(async () => {
      throw new Error('ends early');
    });
    const after = presentFunctions();
    const changed = [...functionsBefore].filter(([name, value]) => after.get(name) !== value).map(([name]) => name);
    expect(changed).to.deep.equal([]);
    expect(new Date().constructor).to.equal(Date);
  });

  it('lets functions that were taken during a run work after it as the real ones', async () => {
    let taken: typeof Date.now | undefined;
    let timer: typeof setTimeout | undefined;
    await runBody(async () => {
      taken = Date.now;
      timer = setTimeout;
    });
    expect(taken?.()).to.be.closeTo(Date.now(), 1_000);
    await new Promise<void>((resolve) => timer?.(resolve, 1));
  });
});

describe('Comparing runs of a seed', () => {
  const check = async (body: Parameters<typeof planOf>[0], options: Parameters<typeof planOf>[1] = {}) => {
    const { plan, test } = planOf(body, options);
    return checkDeterminism(plan, test, { seed: 1, between: 2 }, { clock }).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
  };

  it('finds a cache of a module, and names the turn and the line in which the runs parted', async () => {
    const error = await check(async (cluster) => {
      await cluster.client().actor(Careless, 'module-cache').cached();
    });
    expect(error).to.have.property('code', 'STATE_OUTLIVES_RUN');
    expect(error?.message).to.contain('cached of simulation/Careless/module-cache');
    expect(error?.message).to.contain(`asked for at ${lineOf('cached sleep')}:`);
  });

  it('finds what only another seed leaves behind', async () => {
    const left = new Set<number>();
    const error = await check(async (cluster) => {
      await cluster.sleep(left.has(2) ? 7 : 5);
      left.add(cluster.seed);
    });
    expect(error).to.have.property('code', 'STATE_OUTLIVES_RUN');
    expect(error?.message)
      .to.contain('before and after seed 2')
      .and.to.match(/second: 0\.\d+s world/);
  });

  it('finds what changes no event and lets a later run of the same seed fail', async () => {
    let sold = 0;
    const error = await check(async (cluster) => {
      await cluster.sleep(5);
      sold += 1;
      if (sold !== 1) throw new Error(`${sold} are sold`);
    });
    expect(error).to.have.property('code', 'STATE_OUTLIVES_RUN');
    expect(error?.message).to.match(/Seed 1 ran twice in a row.*the same events.*passed.*failed: 2 are sold/s);
  });

  it('finds what changes no event and lets the seed fail after another seed', async () => {
    const left = new Set<number>();
    const error = await check(async (cluster) => {
      await cluster.sleep(5);
      if (left.has(2)) throw new Error('seed 2 was here');
      left.add(cluster.seed);
    });
    expect(error).to.have.property('code', 'STATE_OUTLIVES_RUN');
    expect(error?.message).to.match(/before and after seed 2.*failed: seed 2 was here/s);
  });

  it('calls a run that differs each time not deterministic', async () => {
    let runs = 0;
    const error = await check(async (cluster) => {
      await cluster.sleep(++runs);
    });
    expect(isMoonpoolError(error, 'SIMULATION_NOT_DETERMINISTIC')).to.equal(true);
  });

  for (const [handler, mark] of [
    ['forgetsToWait', 'then sleep'],
    ['forgetsItsCall', 'then call'],
    ['forgetsItsState', 'then persist'],
  ] as const) {
    it(`finds a promise that outlives its turn, and the place: ${mark}`, async () => {
      const error = await check(async (cluster) => {
        await cluster.client().actor(Careless, 'a')[handler]();
        await cluster.sleep(100);
      });
      expect(error).to.have.property('code', 'UNAWAITED_PROMISE');
      expect(error?.message).to.contain(
        `A promise of the turn ${handler} of simulation/Careless/a went on unawaited at ${lineOf(mark)}:`,
      );
    });
  }

  it('does not blame a turn for the loser of a race, nor for an actor that its message has woken', async () => {
    const error = await check(
      async (cluster) => {
        await cluster.client().actor(Careless, 'a').leavesALoser();
        await cluster.sleep(2_000);
      },
      { nodes: 1 },
    );
    expect(error).to.equal(undefined);
  });

  it('is content with a run that keeps everything in its world', async () => {
    expect(await check(async (cluster) => void (await cluster.client().actor(Careless, 'a').careful()))).to.equal(
      undefined,
    );
  });
});

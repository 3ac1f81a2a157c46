import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  isMoonpoolError,
  Logger,
  memory,
  type ActorReference,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import { PlacementStrategy } from 'moonpool/modules';

@Actor({ name: 'Echo' })
class Echo {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async length(value: unknown): Promise<number> {
    return typeof value === 'string' ? value.length : -1;
  }
  @Handler() async make(length: number, letter: string): Promise<unknown> {
    return letter === '{}' ? { list: Array.from({ length }, () => ({})) } : letter.repeat(length);
  }
  @Handler() async fail(length: number): Promise<void> {
    throw new Error('x'.repeat(length));
  }
  @Handler({ share: true }) async shared(value: unknown): Promise<unknown> {
    return value;
  }
  /** Calls on along actors with keys of this length, as often as said. */
  @Handler() async down(steps: number, keyLength: number): Promise<number> {
    if (steps === 0) return 0;
    try {
      return 1 + (await this.context.actor(Echo, `${steps}`.padStart(keyLength, 'k')).down(steps - 1, keyLength));
    } catch (error) {
      if (isMoonpoolError(error, 'HEADER_TOO_LARGE')) return 0;
      throw error;
    }
  }
}

const PACKET = 20_000;
const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};
const onFirst: ContainerModule = {
  name: 'on-first',
  load: (bind) =>
    bind(PlacementStrategy).toValue({
      choose: (_actor, candidates) => candidates.find(({ name }) => name === 'host') ?? candidates[0],
    }),
};

/** What came of it: a value, or code, `executed` and the words of the error. */
async function endOf(work: () => Promise<unknown>): Promise<string> {
  try {
    return `gave ${JSON.stringify(await work())?.slice(0, 100)}`;
  } catch (error) {
    return isMoonpoolError(error) ? `${error.code}/${error.executed}: ${error.detail}` : String(error).slice(0, 100);
  }
}

describe('A call may carry as much', function () {
  this.timeout(60_000);
  let runtimes: readonly ActorRuntime[];
  before(async () => {
    const common: StartOptions = {
      namespace: 'spec',
      actors: [Echo],
      modules: [memory(), silent, onFirst],
      transport: { maxPacketBytes: PACKET },
    };
    const host = await ActorRuntime.start({ ...common, name: 'host' });
    runtimes = [
      host,
      await ActorRuntime.connect({ ...common, name: 'beside' }),
      await ActorRuntime.connect({ ...common, name: 'far', inProcess: false }),
    ];
  });
  after(async () => {
    for (const runtime of [...runtimes].reverse()) await runtime.shutdown();
  });

  /** What comes of the call from the actor's own node, from beside it in its process, and from elsewhere: one and the same. */
  async function alike(
    call: (actor: ActorReference<Echo>, runtime: ActorRuntime) => Promise<unknown>,
  ): Promise<string> {
    const ends: string[] = [];
    for (const runtime of runtimes) ends.push(await endOf(() => call(runtime.actor(Echo, 'e'), runtime)));
    // The sizes of incarnations and correlations in a packet do not depend on the route.
    expect(new Set(ends), ends.join('\n')).to.have.length(1);
    return ends[0] as string;
  }

  it('near as far, to the byte: arguments', async () => {
    for (const letter of ['x', '"', 'ä', '\u0001']) {
      const bytes = Buffer.byteLength(JSON.stringify(letter)) - 2;
      const fits = Math.floor((PACKET - 300) / bytes);
      const ends: string[] = [];
      for (let length = fits; length < fits + 400 / bytes; length += Math.max(1, Math.floor(8 / bytes))) {
        ends.push(
          (await alike((actor) => actor.length(letter.repeat(length)))).replace(/at least |[\d.]+/g, (found) =>
            found.startsWith('at') ? '' : 'N',
          ),
        );
      }
      const refused =
        'PACKET_TOO_LARGE/no: The call length of spec/Echo/e was not sent: a packet of N bytes is too large: the limit is N';
      const passing = ends.filter((end) => end === 'gave N').length;
      expect(passing, letter).to.be.within(1, ends.length - 1);
      expect(ends).to.deep.equal(ends.map((_, index) => (index < passing ? 'gave N' : refused)));
    }
  });

  it('near as far: answers, of which the work was done', async () => {
    expect(await alike((actor) => actor.make(PACKET - 200, 'x'))).to.match(/^gave/);
    expect(await alike((actor) => actor.make(PACKET, 'x'))).to.match(
      /^PACKET_TOO_LARGE\/yes: The answer to the call make/,
    );
    expect(await alike((actor) => actor.make(PACKET / 2, '{}'))).to.match(/^PACKET_TOO_LARGE\/yes/);
    expect(await alike((actor) => actor.fail(PACKET * 2))).to.match(/^Error: xxx/);
  });

  it('near as far: what is shared, what is written about it, and the chain of its callers', async () => {
    expect(await alike((actor) => actor.shared('x'.repeat(PACKET - 200)))).to.match(/^gave/);
    expect(await alike((actor) => actor.shared(Object.freeze({ text: 'x'.repeat(PACKET) })))).to.match(
      /^PACKET_TOO_LARGE\/no/,
    );
    expect(await alike((actor) => actor.$with({ context: { a: 'x'.repeat(5_000) } }).length(''))).to.match(
      /^HEADER_TOO_LARGE\/no/,
    );
    // No more letters than a context may have, of which each takes six bytes when it travels.
    expect(await alike((actor) => actor.$with({ context: { a: '\u0001'.repeat(2_000) } }).length(''))).to.match(
      /^HEADER_TOO_LARGE\/no/,
    );
    expect(await alike((actor) => actor.down(10, 400))).to.equal('gave 10');
    // Each of them stands in the header of the next call: as many fit into it.
    expect(await alike((actor) => actor.down(30, 400))).to.equal('gave 19');
  });

  it('near as far: messages of which nobody waits for the answer, which are counted', async () => {
    const large = 'x'.repeat(PACKET);
    expect(await alike((actor) => actor.$trySend.length(large))).to.match(/^PACKET_TOO_LARGE\/no/);
    for (const runtime of runtimes) {
      const { dropped } = runtime.inspect().calls;
      runtime.actor(Echo, 'e').$send.length(large);
      for (let waited = 0; runtime.inspect().calls.dropped === dropped && waited < 200; waited++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(runtime.inspect().calls.dropped).to.equal(dropped + 1);
    }
  });

  it('and may take as long: a time that is no number of milliseconds is refused by every reference', async () => {
    for (const timeoutMs of [Number.POSITIVE_INFINITY, Number.NaN, -1, 0, 2 ** 60]) {
      expect(await alike(async (actor) => actor.$with({ timeoutMs }).length('x')), String(timeoutMs)).to.match(
        /^INVALID_OPTION\/no/,
      );
    }
    expect(await alike((actor) => actor.$with({ timeoutMs: 100_000 }).length('x'))).to.equal('gave 1');
  });
});

import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  isMoonpoolError,
  memory,
  type ContainerModule,
} from 'moonpool';
import { JsonSerializer, Serializer } from 'moonpool/modules';
import { MoonpoolError } from '../../lib/errors/moonpool-error';

const deep = (levels: number): unknown => (levels === 0 ? 1 : { inner: deep(levels - 1) });
const many = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, index]));

/** Answers and errors that cannot travel as they are. */
const UNSENDABLE: Readonly<Record<string, () => unknown>> = {
  'too large': () => 'x'.repeat(3_000_000),
  'too deep': () => deep(500),
  'with too many fields': () => many(100_000),
  'with a forbidden key': () => ({ inner: Object.defineProperty({}, '__proto__', { value: 1, enumerable: true }) }),
  'with a function': () => ({ call: () => 1 }),
  'with a getter that fails': () => ({
    get field(): never {
      throw Object.create(null);
    },
  }),
  'one with a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return { inner: proxy };
  },
};

class Rebuilt {
  /** A class that cannot be made at all is refused at the start. */
  static isSpoiled = false;
  readonly isRebuilt = true;
  constructor() {
    if (Rebuilt.isSpoiled) throw new Error('it cannot be made');
  }
}

@Actor({ name: 'Answering' })
class Answering {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async answers(what: string): Promise<unknown> {
    return UNSENDABLE[what]?.();
  }
  @Handler() async throws(what: string): Promise<void> {
    throw Object.assign(new RangeError('it is too far'), { details: UNSENDABLE[what]?.() });
  }
  @Handler() async throwsOurs(): Promise<void> {
    throw new MoonpoolError('STORAGE_UNAVAILABLE', { message: 'x'.repeat(3_000_000), executed: 'maybe' });
  }
  @Handler() async throwsPlainly(): Promise<void> {
    throw new RangeError('it is too far');
  }
  @Handler({ returns: Rebuilt }) async rebuilt(): Promise<Rebuilt> {
    Rebuilt.isSpoiled = true;
    return { isRebuilt: true };
  }
  /** Its answer sends something itself while it is written. */
  @Handler() async nested(): Promise<unknown> {
    const { context } = this;
    return {
      get first(): string {
        context
          .actor(Answering, 'other')
          .well()
          .catch(() => undefined);
        return 'first';
      },
    };
  }
  @Handler() async well(): Promise<string> {
    return 'well';
  }
  @Handler() async slow(): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return 'done';
  }
}

/** Writes everything but errors, as a serializer with a mistake may. */
class MuteSerializer extends JsonSerializer {
  override write(...args: Parameters<JsonSerializer['write']>): void {
    const [value] = args;
    if (typeof value === 'object' && value !== null && 'message' in value) throw new TypeError('it writes no errors');
    super.write(...args);
  }
}
const mute: ContainerModule = {
  name: 'mute',
  load: (bind) => bind(Serializer).toFactory([], () => new MuteSerializer()),
};

async function failureOf(promise: Promise<unknown>): Promise<Error & { code?: string; executed?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

describe('An answer that cannot be sent', () => {
  const runtimes: ActorRuntime[] = [];
  const cluster = async (isFar: boolean, modules: readonly ContainerModule[] = []) => {
    Rebuilt.isSpoiled = false;
    const options = { namespace: 'spec', actors: [Answering], modules: [memory(), ...modules] };
    const node = await ActorRuntime.start({ ...options, name: 'n1', inProcess: false });
    runtimes.push(node);
    const caller = isFar ? await ActorRuntime.connect({ ...options, inProcess: false }) : node;
    if (isFar) runtimes.push(caller);
    return { actor: caller.actor(Answering, 'a').$with({ timeoutMs: 5_000 }), other: caller.actor(Answering, 'b') };
  };
  afterEach(async () => {
    for (const runtime of runtimes.splice(0).reverse()) await runtime.shutdown();
  });

  for (const isFar of [false, true]) {
    for (const what of Object.keys(UNSENDABLE)) {
      const route = isFar ? 'far' : 'near';
      it(`(${what}) tells its caller that the work was done, and nobody else notices, ${route}`, async () => {
        const { actor, other } = await cluster(isFar);
        await other.well();
        const bystander = other.slow();
        const outcome = await actor.answers(what).then(
          () => undefined,
          (error: unknown) => error,
        );
        // Near, large values need no packet.
        if (outcome !== undefined || isFar) expect(outcome).to.include({ executed: 'yes' });
        const failure = await failureOf(actor.throws(what));
        expect(failure).to.be.instanceOf(RangeError);
        expect(failure.message).to.equal('it is too far');
        expect(await bystander).to.equal('done');
        expect(await actor.well()).to.equal('well');
      });
    }
  }

  it('because our own error is too large keeps its code, and says what it said in part', async () => {
    const { actor, other } = await cluster(true);
    const bystander = other.slow();
    const failure = await failureOf(actor.throwsOurs());
    expect(failure).to.include({ code: 'HANDLER_FAILED', executed: 'yes' });
    expect(failure.message)
      .to.contain('STORAGE_UNAVAILABLE')
      .and.to.match(/letters (more|were left out)/);
    expect(await bystander).to.equal('done');
  });

  it('because the serializer writes no errors is told without it', async () => {
    const { actor, other } = await cluster(true, [mute]);
    const bystander = other.slow();
    const failure = await failureOf(actor.throwsPlainly());
    expect(isMoonpoolError(failure, 'HANDLER_FAILED')).to.equal(true);
    expect(failure).to.include({ executed: 'yes' });
    expect(failure.message).to.contain('it writes no errors').and.to.contain('it is too far');
    expect(await bystander).to.equal('done');
  });

  it('because the constructor of its class throws concerns its caller alone', async () => {
    for (const isFar of [false, true]) {
      const { actor, other } = await cluster(isFar);
      const bystander = other.slow();
      const failure = await failureOf(actor.rebuilt());
      expect(failure).to.include({ executed: 'yes' });
      expect(failure.message).to.contain('it cannot be made');
      expect(await bystander).to.equal('done');
    }
  });

  it('does not spoil the connection when a getter of it makes a call while it is written', async () => {
    const { actor, other } = await cluster(true);
    const bystander = other.slow();
    expect(await actor.nested()).to.deep.equal({ first: 'first' });
    expect(await bystander).to.equal('done');
    expect(await actor.well()).to.equal('well');
  });
});

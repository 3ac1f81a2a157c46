import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  Logger,
  memory,
  RandomProvider,
  type ContainerModule,
} from 'moonpool';
import { codeOf, eventually } from '../activation/cluster-fixture';
import { LocalPlacement, PlacementStrategy, RandomPlacement } from 'moonpool/modules';

let gate: Promise<void> | undefined;

@Actor({ name: 'Teller' })
class Teller {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async serve(): Promise<string> {
    await gate;
    return this.context.node.name;
  }
}

/** Who calls an actor first has it on its own node. */
const atHome: ContainerModule = {
  name: 'at-home',
  load(bind) {
    bind(PlacementStrategy).toFactory([RandomProvider], (random) => new LocalPlacement(new RandomPlacement(random)));
    bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined });
  },
};

describe('A node that is shut down', () => {
  const runtimes: ActorRuntime[] = [];
  let modules: readonly ContainerModule[];
  const parts = () => ({ namespace: 'spec', actors: [Teller], modules, inProcess: false });
  const start = async (name: string, drainLimitMs = 100): Promise<ActorRuntime> => {
    const node = await ActorRuntime.start({ ...parts(), name, activation: { drainLimitMs } });
    runtimes.push(node);
    return node;
  };

  beforeEach(() => {
    gate = undefined;
    modules = [memory(), atHome];
  });
  afterEach(async () => {
    for (const runtime of runtimes.splice(0)) await runtime.shutdown();
  });

  it('fails no call that was on its way to it: they go on elsewhere', async () => {
    const [leaving, staying] = [await start('leaving'), await start('staying')];
    const client = await ActorRuntime.connect(parts());
    runtimes.push(client);
    const keys = Array.from({ length: 20 }, (_, index) => `t${index}`);
    for (const key of keys) expect(await leaving.actor(Teller, key).serve()).to.equal('leaving');

    const over = new AbortController();
    const served = new Map<string, number>();
    const call = async (from: ActorRuntime, key: string): Promise<void> => {
      while (!over.signal.aborted) {
        const by = await from.actor(Teller, key).serve();
        served.set(by, (served.get(by) ?? 0) + 1);
      }
    };
    const callers = [client, staying].flatMap((from) => keys.map((key) => call(from, key)));
    const failed = Promise.all(callers);
    while ((served.get('leaving') ?? 0) < 1_000)
      await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 1))]);
    await leaving.shutdown();
    const before = served.get('staying') ?? 0;
    while ((served.get('staying') ?? 0) < before + 1_000)
      await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 1))]);
    over.abort();
    await failed;
    expect([...served.keys()].sort()).to.deep.equal(['leaving', 'staying']);
  });

  it('waits for what its own process has asked for, and takes nothing new meanwhile', async () => {
    const [leaving, staying] = [await start('leaving', 10_000), await start('staying')];
    expect(await staying.actor(Teller, 't').serve()).to.equal('staying');
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const asked = leaving.actor(Teller, 't').serve();
    const ended = leaving.shutdown();
    await eventually(async () => {
      const refusal = leaving.actor(Teller, 't').$with({ timeoutMs: 20 }).serve();
      return (await codeOf(refusal)) === 'RUNTIME_NOT_READY';
    });
    expect(
      await leaving
        .actor(Teller, 't')
        .serve()
        .catch((error: unknown) => error),
    ).to.include({ executed: 'no' });
    open();
    expect(await asked).to.equal('staying');
    await ended;
  });

  it('waits for that no longer than for turns', async () => {
    const [leaving, staying] = [await start('leaving'), await start('staying')];
    expect(await staying.actor(Teller, 't').serve()).to.equal('staying');
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const asked = leaving.actor(Teller, 't').serve();
    const failure = asked.catch((error: unknown) => error);
    await leaving.shutdown();
    expect(await failure).to.include({ code: 'RUNTIME_NOT_READY', executed: 'maybe' });
    open();
  });

  it('does not say of a turn that had to be cut off that it was not executed', async () => {
    const [leaving, staying] = [await start('leaving'), await start('staying')];
    expect(await leaving.actor(Teller, 't').serve()).to.equal('leaving');
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const cut = staying
      .actor(Teller, 't')
      .serve()
      .catch((error: unknown) => error);
    await staying.actor(Teller, 't').$trySend.serve();
    await leaving.shutdown();
    expect(await cut).to.include({ code: 'CONNECTION_LOST', executed: 'maybe' });
    open();
  });

  it('says of a turn that awaits it that the two wait for each other', async () => {
    const said: { readonly message: string; readonly fields: Record<string, unknown> }[] = [];
    const noting: ContainerModule = {
      name: 'noting',
      load: (bind) =>
        bind(Logger).toValue({
          info: () => undefined,
          warn: (message, fields = {}) => void said.push({ message, fields }),
          error: () => undefined,
        }),
    };
    const node: ActorRuntime = await ActorRuntime.start({
      ...{ namespace: 'spec', actors: [Teller], modules: [memory(), noting] },
      activation: { longTurnMs: 10, drainLimitMs: 150 },
    });
    let open = (): void => undefined;
    gate = new Promise<void>((resolve) => (open = resolve)).then(() => node.shutdown());
    const asked = codeOf(node.actor(Teller, 't').serve());
    await eventually(() => said.some(({ fields }) => fields['method'] === 'serve'));
    open();
    await asked;
    await node.shutdown();
    const ofTurn = said.filter(({ fields }) => fields['method'] === 'serve');
    expect(ofTurn.map(({ message }) => message)).to.deep.equal([
      'a turn takes long',
      'a turn takes long, and the shutdown waits for it',
    ]);
    expect(ofTurn[1]?.fields['remedy']).to.contain('begin it with `void runtime.shutdown()`');
    gate = undefined;
  });
});

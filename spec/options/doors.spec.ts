import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  ActorState,
  Handler,
  inject,
  memory,
  nodeProviders,
  Observer,
  ObserverSet,
  Persist,
  retry,
  sqlite,
  StatelessWorker,
  Timer,
  TimeProvider,
  type ActorTimerOptions,
  type StartOptions,
} from 'moonpool';
import { blockingJobs, Broadcast, CircuitBreaker, LocalSystem } from 'moonpool/local';
import { postgres } from 'moonpool/postgres';
import { FlowTransport, RpcInterface, RpcMethod, wellKnownToken } from 'moonpool/rpc';
import {
  checkAppendLists,
  checkLinearizable,
  checkSimulation,
  checkWitnesses,
  counterModel,
  runOnNodes,
  runSimulation,
} from 'moonpool/simulation';
import { messageOf } from '../../lib/errors/thrown-value';
import { failureOf } from '../activation/cluster-fixture';

@Actor({ name: 'Fine' })
class Fine {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async ask(): Promise<number> {
    return 1;
  }
  @Handler() async startNothing(): Promise<void> {
    this.context.timer(5 as never, { everyMs: 20 });
  }
  @Handler() async subscribe(): Promise<void> {
    new ObserverSet<Fine>(this.context).subscribe(undefined as never);
  }
  @Handler() async startTimer(options: object): Promise<void> {
    this.context.timer(() => undefined, options as ActorTimerOptions);
  }
}

@Actor({ name: 'A', idleTimeout: 5 } as never)
class MisspeltActor {
  @Handler({ timeout: 5, readonly: true } as never) async ask(): Promise<void> {}
  @Handler({ accepts: 'Deposit' } as never) async give(): Promise<void> {}
  @Timer({ everyMs: 1_000, keepAlive: true } as never) async tick(): Promise<void> {}
  @Timer({ everyMs: Number.NaN }) async tock(): Promise<void> {}
}

@StatelessWorker({ max: 1 } as never)
@Actor({ name: 'W' })
class MisspeltWorker {
  @Handler() async ask(): Promise<void> {}
}

@Observer({ name: 'O', idleTimeoutMs: 5 } as never)
class MisspeltObserver {
  @Handler() async tell(): Promise<void> {}
}

@RpcInterface({ id: 77, name: 'x' } as never)
class MisspeltInterface {
  @RpcMethod(1, { accept: Fine } as never) async ask(_value: unknown): Promise<void> {}
}

@Actor({ name: 'Stateless' })
class Stateless {
  @Persist((() => ({})) as never) readonly s!: ActorState<object>;
  @Handler() async ask(): Promise<void> {}
}

class Nothing {
  static readonly actors = [Fine];
}

const start = (options: object) =>
  failureOf(ActorRuntime.start({ namespace: 'spec', actors: [Fine], modules: [memory()], ...options } as StartOptions));
const thrownBy = (door: () => unknown): Error => {
  try {
    door();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

describe('Every door for options refuses a name that does not exist:', () => {
  let node: ActorRuntime;
  const system = LocalSystem.open();
  const time = { now: () => 0 } as unknown as TimeProvider;

  before(async () => {
    node = await ActorRuntime.start({ namespace: 'spec', actors: [Fine], modules: [memory()] });
  });
  after(async () => {
    await node.shutdown();
    await system.stop();
  });

  const DOORS: Readonly<Record<string, () => unknown>> = {
    'ActorRuntime.connect': () => ActorRuntime.connect({ namespace: 'spec', actors: [Fine], actor: [] } as never),
    $with: () => node.actor(Fine, 'k').$with({ timeout: 5 } as never),
    'runtime.observe': () => node.observe({}, undefined, { renew: 5 } as never),
    'context.timer': () => node.actor(Fine, 'k').startTimer({ everyMs: 5, interval: 5 }),
    sqlite: () => sqlite({ file: 'x.db', busyTimeout: 5 } as never),
    postgres: () => postgres({ connection: 'postgres://host/db', pools: 5 } as never),
    'the address of postgres': () => postgres({ connection: { host: 'host', hostname: 'x' } } as never),
    nodeProviders: () => nodeProviders({ folder: 'x' } as never),
    blockingJobs: () => blockingJobs(__filename, {}, { typical: 5 } as never),
    'LocalSystem.open': () => LocalSystem.open({ actors: 5 } as never),
    spawn: () => system.spawn(() => ({ receive: () => undefined }), { capacity: 5 } as never),
    supervise: () => system.supervise({ strategie: 'one-for-all' } as never),
    'supervise, in a group': () => system.supervise({ intensity: { restart: 5 } } as never),
    'supervisor.spawn': () =>
      system.supervise({ name: 'above' }).spawn(() => ({ receive: () => undefined }), { policy: 'permanent' } as never),
    'handle.request': () => system.spawn(() => ({ receive: () => 1 })).request(1, { timeout: 5 } as never),
    'handle.stop': () => system.spawn(() => ({ receive: () => undefined })).stop({ drains: true } as never),
    CircuitBreaker: () => new CircuitBreaker(time, { failures: 5 } as never),
    Broadcast: () => new Broadcast({ policy: 'drop' } as never),
    'FlowTransport.listen': () => FlowTransport.listen({ port: 5 } as never),
    'FlowTransport.open': () => FlowTransport.open({ transport: { pings: 5 } } as never),
    retry: () => retry(async () => 1, { deadline: 5 } as never),
    runSimulation: () => runSimulation(Nothing as never, { seed: 5 } as never),
    checkSimulation: () => checkSimulation(Nothing as never, { keepgoing: true } as never),
    runOnNodes: () => runOnNodes(Nothing as never, { node: 5 } as never),
    checkLinearizable: () => checkLinearizable([], counterModel(), { steps: 5 } as never),
    checkWitnesses: () => checkWitnesses([], counterModel(), { branches: 5 } as never),
    checkAppendLists: () => checkAppendLists([], { ordering: 'strict' } as never),
  };
  for (const [door, open] of Object.entries(DOORS)) {
    it(door, async () => {
      const error = await failureOf(
        (async () => {
          await open();
        })(),
      );
      expect(error.message).to.match(/INVALID_OPTION: There is no option \S+ of /);
    });
  }

  it('ActorRuntime.start, at the top and in its groups', async () => {
    expect((await start({ activations: {} })).message).to.contain(
      "There is no option activations of ActorRuntime.start; did you mean 'activation'?",
    );
    expect((await start({ activation: { idleTimeout: 1 } })).message).to.contain(
      "There is no option activation.idleTimeout of ActorRuntime.start; did you mean 'idleTimeoutMs'?",
    );
    expect((await start({ security: { tls: { key: 'k', cert: 'c', ca: 'a', chain: 'x' } } })).message).to.contain(
      'There is no option security.tls.chain',
    );
  });

  it('the decorators of actors and observers, all mistakes together', async () => {
    const { message } = await start({ actors: [MisspeltActor, MisspeltWorker], observers: [MisspeltObserver] });
    for (const expected of [
      "MisspeltActor is declared wrongly: There is no option idleTimeout of @Actor; did you mean 'idleTimeoutMs'?",
      "MisspeltActor is declared wrongly: There is no option timeout of @Handler of ask; did you mean 'timeoutMs'?",
      "MisspeltActor is declared wrongly: There is no option readonly of @Handler of ask; did you mean 'readOnly'?",
      'MisspeltActor is declared wrongly: The option accepts of @Handler of give must be a class',
      "MisspeltActor is declared wrongly: There is no option keepAlive of @Timer of tick; did you mean 'keepsAlive'?",
      'MisspeltActor is declared wrongly: The option everyMs of @Timer of tock must be a number of milliseconds above 0; NaN was given.',
      'MisspeltWorker is declared wrongly: There is no option max of @StatelessWorker',
      'MisspeltObserver is declared wrongly: There is no option idleTimeoutMs of @Observer',
    ]) {
      expect(message).to.contain(expected);
    }
  });

  it('the decorators of fixed endpoints, and what serves and asks them', async () => {
    const transport = await FlowTransport.open();
    const mistakes = thrownBy(() => transport.serve(new MisspeltInterface())).message;
    expect(mistakes).to.contain('There is no option name of @RpcInterface');
    expect(mistakes).to.contain("There is no option accept of @RpcMethod of ask; did you mean 'accepts'?");
    expect(thrownBy(() => transport.requestStream(wellKnownToken(40), { capacities: 5 } as never)).message).to.contain(
      'There is no option capacities of requestStream',
    );
    const asked = await failureOf(
      transport.request({ address: '127.0.0.1:1', token: wellKnownToken(40) }, 1, { timeout: 5 } as never),
    );
    expect(asked.message).to.contain('There is no option timeout of a request');
    await transport.close();
  });
});

describe('What cannot work is refused before anything starts:', () => {
  const CASES: readonly (readonly [what: string, options: object, message: string])[] = [
    [
      'a lease without length',
      { lease: { ttlMs: 0 } },
      'lease.ttlMs of ActorRuntime.start must be a number of milliseconds from 30; 0 was given',
    ],
    [
      'a silence shorter than the interval of pings',
      { transport: { silenceLimitMs: 500 } },
      'transport.silenceLimitMs = 500 and transport.pingIntervalMs = 1000 (the default) of ActorRuntime.start contradict each other',
    ],
    [
      'an interval of pings longer than the silence',
      { transport: { pingIntervalMs: 5_000 } },
      'transport.silenceLimitMs = 3000 (the default) and transport.pingIntervalMs = 5000',
    ],
    [
      'reconnects that begin later than they may',
      { transport: { reconnectMinMs: 60_000 } },
      'transport.reconnectMaxMs = 30000 (the default) and transport.reconnectMinMs = 60000',
    ],
    [
      'packets that hold nothing',
      { transport: { maxPacketBytes: 10 } },
      'transport.maxPacketBytes of ActorRuntime.start must be a whole number from 4096 to 4294967295; 10 was given',
    ],
    [
      'half a message',
      { activation: { mailboxCapacity: 1.5 } },
      'activation.mailboxCapacity of ActorRuntime.start must be a whole number from 1; 1.5 was given',
    ],
    [
      'a wait without end',
      { messaging: { callTimeoutMs: Infinity } },
      'messaging.callTimeoutMs of ActorRuntime.start must be a number of milliseconds above 0; Infinity was given',
    ],
    [
      'a name of two lines',
      { name: 'north\nsouth' },
      'The option name of ActorRuntime.start must be a text of 1 to 256 bytes without line breaks',
    ],
    ['an empty name', { name: '' }, 'The option name of ActorRuntime.start must be'],
    [
      'a function in place of the module that it makes',
      { modules: [memory] },
      'The option modules[0] of ActorRuntime.start must be a container module { name, load(bind) }; the function memory was given. List what the function memory returns: memory().',
    ],
    [
      'a hole in the list of modules',
      { modules: [undefined] },
      'The option modules[0] of ActorRuntime.start must be a container module',
    ],
    [
      'a filter that is none',
      { outgoing: [{}] },
      'The option outgoing[0] of ActorRuntime.start must be a function (call, next) => ...',
    ],
    [
      'a task without a function',
      { startup: [{ name: 'warm up' }] },
      'The option startup[0] of ActorRuntime.start must be a task { name, run(node) }',
    ],
    [
      'a startup task with a field that it does not have',
      { startup: [{ name: 'warm up', run: () => undefined, stop: () => undefined }] },
      'There is no option startup[0].stop of ActorRuntime.start',
    ],
    [
      'a class of modules in place of a module',
      { modules: [class Motto {}] },
      'the function Motto was given. List an object of the class: new Motto().',
    ],
    [
      'waits between deliveries that contradict each other',
      { deliveries: { retryMinMs: 1_000, retryMaxMs: 10 } },
      'The options deliveries.retryMaxMs = 10 and deliveries.retryMinMs = 1000 of ActorRuntime.start contradict each other',
    ],
    [
      'a wait between deliveries that contradicts a default',
      { deliveries: { retryMinMs: 100_000 } },
      'The options deliveries.retryMaxMs = 60000 (the default) and deliveries.retryMinMs = 100000',
    ],
    ['a host that no machine can have', { advertise: '*' }, 'has a host that no machine can have'],
    [
      'an address with characters that cannot be seen',
      { advertise: '\u202eelpmaxe.example:5000' },
      'holds characters that cannot be seen',
    ],
    [
      'what is no class among the actors',
      { actors: [() => 1] },
      'INVALID_ACTOR_CLASSES: One mistake was found:\n  - The list of actors holds a function, which is no class.',
    ],
    [
      'a state that is no class',
      { actors: [Stateless] },
      "Stateless has @Persist on 's' without the class of the state",
    ],
    [
      'a time that is longer than anybody waits',
      { lease: { ttlMs: 1e18 } },
      'and at most 3153600000000, which is a hundred years; 1000000000000000000 was given',
    ],
    [
      'a text for a flag',
      { inProcess: 'no' },
      'The option inProcess of ActorRuntime.start must be true or false; "no" was given',
    ],
  ];
  for (const [what, options, message] of CASES) {
    it(what, async () => expect((await start(options)).message).to.contain(message));
  }

  it('what is no function, no reference and no moment, where one is wanted', async () => {
    const node = await ActorRuntime.start({ namespace: 'spec', actors: [Fine], modules: [memory()] });
    const fine = node.actor(Fine, 'k');
    for (const [told, door] of [
      [
        'The option ask of retry must be a function that makes an attempt',
        () => retry(Promise.reject(new Error('unheard')) as never),
      ],
      ['The option callback of context.timer of spec/Fine/k must be a function', () => fine.startNothing()],
      ['The option observer of ObserverSet.subscribe must be a reference to an observer', () => fine.subscribe()],
      [
        'must be a Date that is a moment; an invalid Date was given',
        () => fine.$deliver.$with({ at: new Date(Number.NaN) }).ask(),
      ],
      ['and at most 3153600000000, which is a hundred years', () => fine.$deliver.$with({ delayMs: 1e15 }).ask()],
    ] as const) {
      const { message, cause } = await failureOf((async () => door())());
      expect(`${message} ${messageOf(cause)}`).to.contain(told);
    }
    await node.shutdown();
  });

  it('no options at all', async () => {
    expect((await failureOf(ActorRuntime.start(undefined as never))).message).to.contain(
      'ActorRuntime.start takes an object of options; undefined was given',
    );
    expect((await failureOf(ActorRuntime.connect([] as never))).message).to.contain(
      'ActorRuntime.connect takes an object of options; a list of 0 was given',
    );
  });

  it('but not an option that is undefined: its default holds', async () => {
    const node = await ActorRuntime.start({
      namespace: 'spec',
      actors: [Fine],
      modules: [memory()],
      lease: { ttlMs: undefined },
      transport: undefined,
      messaging: { callTimeoutMs: undefined },
    } as never);
    expect(
      await node
        .actor(Fine, 'k')
        .$with({ timeoutMs: undefined } as never)
        .ask(),
    ).to.equal(1);
    await node.shutdown();
  });
});

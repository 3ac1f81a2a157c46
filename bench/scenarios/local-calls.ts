import { ActorRuntime, type ActorReference } from 'moonpool';
import { PlainCounter, QueueMailbox } from '../baselines/queue-mailbox';
import { Counter } from '../counter';
import { perSecond, type Contestant, type Scenario } from '../scenario';

type Handling = 'isolated' | 'shared';

const SEQUENTIAL_CALLS = 100_000;
const FANOUT_ACTORS = 1_000;
const FANOUT_CALLS = 64_000;
const FANOUT_IN_FLIGHT = 10;
const ONE_WAY_ACTORS = 100;
const ONE_WAY_MESSAGES = 200_000;

/** All messages of a scenario may wait: whether that is too much is not what is measured here. */
function startNode(): Promise<ActorRuntime> {
  const activation = { maxWaiting: 10 * ONE_WAY_MESSAGES, maxWaitMs: 600_000, maxWaitShare: 1 };
  return ActorRuntime.start({ namespace: 'bench', actors: [Counter], activation });
}

function call(reference: ActorReference<Counter>, handling: Handling): Promise<number> {
  return handling === 'shared' ? reference.addShared({ amount: 1 }) : reference.add({ amount: 1 });
}

function send(reference: ActorReference<Counter>, handling: Handling): void {
  if (handling === 'shared') reference.$send.addShared({ amount: 1 });
  else reference.$send.add({ amount: 1 });
}

/** Runs the calls of all actors at once, so many in flight for each. */
async function fanOut(actors: number, callActor: (index: number) => Promise<unknown>): Promise<void> {
  const callsEach = FANOUT_CALLS / actors / FANOUT_IN_FLIGHT;
  const caller = async (index: number): Promise<void> => {
    for (let count = 0; count < callsEach; count++) await callActor(index);
  };
  await Promise.all(Array.from({ length: actors * FANOUT_IN_FLIGHT }, (_, index) => caller(index % actors)));
}

export function localSequential(handling: Handling, target: number): Scenario {
  return {
    name: `local-call-seq-${handling}`,
    what: `one caller awaits calls to one activation on its own node, arguments ${handling}`,
    unit: 'calls/s',
    target,
    async open(): Promise<Contestant> {
      const runtime = await startNode();
      const reference = runtime.actor(Counter, 'one');
      return {
        run: () =>
          perSecond(SEQUENTIAL_CALLS, async () => {
            for (let count = 0; count < SEQUENTIAL_CALLS; count++) await call(reference, handling);
          }),
        close: () => runtime.shutdown(),
      };
    },
    baseline: {
      name: 'queue mailbox',
      async open(): Promise<Contestant> {
        const mailbox = new QueueMailbox(new PlainCounter());
        return {
          run: () =>
            perSecond(SEQUENTIAL_CALLS, async () => {
              for (let count = 0; count < SEQUENTIAL_CALLS; count++)
                await mailbox.call((counter) => counter.add({ amount: 1 }));
            }),
        };
      },
    },
  };
}

export function localFanOut(handling: Handling, target: number): Scenario {
  return {
    name: `local-call-fanout-${handling}`,
    what: `${FANOUT_CALLS} calls over ${FANOUT_ACTORS} activations, ${FANOUT_IN_FLIGHT} in flight for each, arguments ${handling}`,
    unit: 'calls/s',
    target,
    async open(): Promise<Contestant> {
      const runtime = await startNode();
      const references = Array.from({ length: FANOUT_ACTORS }, (_, index) =>
        runtime.actor(Counter, `counter-${index}`),
      );
      await Promise.all(references.map((reference) => call(reference, handling)));
      return {
        run: () =>
          perSecond(FANOUT_CALLS, () =>
            fanOut(FANOUT_ACTORS, (index) => call(references[index] as ActorReference<Counter>, handling)),
          ),
        close: () => runtime.shutdown(),
      };
    },
    baseline: {
      name: 'queue mailbox',
      async open(): Promise<Contestant> {
        const mailboxes = Array.from({ length: FANOUT_ACTORS }, () => new QueueMailbox(new PlainCounter()));
        const callMailbox = (index: number) =>
          (mailboxes[index] as QueueMailbox<PlainCounter>).call((counter) => counter.add({ amount: 1 }));
        return { run: () => perSecond(FANOUT_CALLS, () => fanOut(FANOUT_ACTORS, callMailbox)) };
      },
    },
  };
}

export function oneWay(handling: Handling, target?: number): Scenario {
  return {
    name: `one-way-throughput-${handling}`,
    what: `messages without an answer to ${ONE_WAY_ACTORS} activations, until all were handled, arguments ${handling}`,
    unit: 'messages/s',
    ...(target === undefined ? {} : { target }),
    async open(): Promise<Contestant> {
      const runtime = await startNode();
      const references = Array.from({ length: ONE_WAY_ACTORS }, (_, index) =>
        runtime.actor(Counter, `counter-${index}`),
      );
      return {
        async run(): Promise<number> {
          const before = await Promise.all(references.map((reference) => call(reference, handling)));
          const figure = await perSecond(ONE_WAY_MESSAGES, async () => {
            for (let count = 0; count < ONE_WAY_MESSAGES; count++)
              send(references[count % ONE_WAY_ACTORS] as ActorReference<Counter>, handling);
            // A mailbox keeps order: this answer comes when all that was sent before has been handled.
            const after = await Promise.all(references.map((reference) => call(reference, handling)));
            const handled = after.reduce((sum, balance, index) => sum + balance - (before[index] as number) - 1, 0);
            if (handled !== ONE_WAY_MESSAGES)
              throw new Error(`${handled} of ${ONE_WAY_MESSAGES} messages were handled`);
          });
          return figure;
        },
        close: () => runtime.shutdown(),
      };
    },
    baseline: {
      name: 'queue mailbox',
      async open(): Promise<Contestant> {
        const mailboxes = Array.from({ length: ONE_WAY_ACTORS }, () => new QueueMailbox(new PlainCounter()));
        return {
          run: () =>
            perSecond(ONE_WAY_MESSAGES, async () => {
              for (let count = 0; count < ONE_WAY_MESSAGES; count++)
                (mailboxes[count % ONE_WAY_ACTORS] as QueueMailbox<PlainCounter>).send((counter) =>
                  counter.add({ amount: 1 }),
                );
              await Promise.all(mailboxes.map((mailbox) => mailbox.call((counter) => counter.balance)));
            }),
        };
      },
    },
  };
}

import { ActorRuntime } from 'moonpool';
import { Counter } from '../counter';
import { inFlight, rate, type Scenario } from '../measurement';
import { QueueMailbox } from '../queue-mailbox';

const SEQUENTIAL = 200_000;
const FAN_OUT = 64_000;
const FAN_OUT_ACTORS = 1_000;
const FAN_OUT_WIDTH = 10;
const ONE_WAY = 200_000;
const ONE_WAY_ACTORS = 100;

/** Calls between a caller and actors on its own node. */
export async function localCalls(): Promise<{ readonly scenarios: readonly Scenario[]; close(): Promise<void> }> {
  const runtime = await ActorRuntime.start({ namespace: 'bench', actors: [Counter] });
  const one = runtime.actor(Counter, 'one');
  const many = Array.from({ length: FAN_OUT_ACTORS }, (_, index) => runtime.actor(Counter, `many-${index}`));
  const mailbox = new QueueMailbox();
  const mailboxes = Array.from({ length: FAN_OUT_ACTORS }, () => new QueueMailbox());
  const request = Object.freeze({ amount: 1 });
  const baselineSequential = () =>
    rate(SEQUENTIAL, async () => {
      for (let call = 0; call < SEQUENTIAL; call++) await mailbox.call(1);
    });
  const baselineFanOut = () =>
    rate(FAN_OUT, () => inFlight(FAN_OUT, FAN_OUT_ACTORS * FAN_OUT_WIDTH, (index) => (mailboxes[index % FAN_OUT_ACTORS] as QueueMailbox).call(1)));
  const scenarios: Scenario[] = [
    {
      name: 'local-call-seq, isolated',
      unit: 'calls/s',
      target: 0.3,
      subject: () =>
        rate(SEQUENTIAL, async () => {
          for (let call = 0; call < SEQUENTIAL; call++) await one.deposit({ amount: 1 });
        }),
      baseline: baselineSequential,
    },
    {
      name: 'local-call-seq, shared',
      unit: 'calls/s',
      target: 0.6,
      subject: () =>
        rate(SEQUENTIAL, async () => {
          for (let call = 0; call < SEQUENTIAL; call++) await one.depositShared(request);
        }),
      baseline: baselineSequential,
    },
    {
      name: 'local-call-fanout, isolated',
      unit: 'calls/s',
      target: 0.7,
      subject: () =>
        rate(FAN_OUT, () => inFlight(FAN_OUT, FAN_OUT_ACTORS * FAN_OUT_WIDTH, (index) => (many[index % FAN_OUT_ACTORS] as (typeof many)[0]).deposit({ amount: 1 }))),
      baseline: baselineFanOut,
    },
    {
      name: 'one-way-throughput, shared',
      unit: 'messages/s',
      target: 0.45,
      subject: () =>
        rate(ONE_WAY, async () => {
          for (let sent = 0; sent < ONE_WAY; sent++) (many[sent % ONE_WAY_ACTORS] as (typeof many)[0]).$send.depositShared(request);
          await Promise.all(many.slice(0, ONE_WAY_ACTORS).map((actor) => actor.total()));
        }),
      baseline: () =>
        rate(ONE_WAY, async () => {
          for (let sent = 0; sent < ONE_WAY; sent++) (mailboxes[sent % ONE_WAY_ACTORS] as QueueMailbox).send(1);
          await Promise.all(mailboxes.slice(0, ONE_WAY_ACTORS).map((box) => box.call(0)));
        }),
    },
  ];
  return { scenarios, close: () => runtime.shutdown() };
}

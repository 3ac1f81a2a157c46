import { Actor, ActorContext, Handler, inject, isMoonpoolError, Observer, type ActorReference } from 'moonpool';
import { expect } from 'chai';
import type { SimulatedCluster } from '../../lib/simulation/cluster/simulated-cluster';
import { onCluster } from '../simulation/cluster/cluster-fixture';

/** How long nobody may wait who waits for himself, in virtual milliseconds. */
const SOON_MS = 5_000;

@Actor({ name: 'Waiter' })
class Waiter {
  private readonly kept: Promise<string> | undefined;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {
    if (this.kind === 'built') this.kept = this.other('plain').ask();
    this.kept?.catch(() => undefined);
  }
  async onActivate(): Promise<void> {
    if (this.kind === 'hooked')
      await this.other('plain')
        .ask()
        .catch(() => undefined);
    if (this.kind === 'relayed')
      await this.other('relay')
        .relay()
        .catch(() => undefined);
  }
  private get kind(): string {
    return this.context.key.split(' ')[0] as string;
  }
  private other(kind: string): ActorReference<Waiter> {
    return this.context.actor(Waiter, `${kind} ${this.context.key.split(' ')[1]}`);
  }
  @Handler() async visit(kind: string): Promise<string> {
    return this.other(kind).waited();
  }
  @Handler() async waited(): Promise<string> {
    return (await this.kept) ?? 'waited';
  }
  @Handler() async relay(): Promise<string> {
    return this.other('plain').ask();
  }
  @Handler() async ask(): Promise<string> {
    return 'asked';
  }
  @Handler() async show(bell: ActorReference<Bell>): Promise<string> {
    return bell.ring(this.context.actor(Waiter, this.context.key));
  }
}

@Observer({ name: 'Bell' })
class Bell {
  @Handler() async ring(waiter: ActorReference<Waiter>): Promise<string> {
    return waiter.ask().catch((error: unknown) => (isMoonpoolError(error) ? error.code : 'an error'));
  }
}

const among =
  (chaos: 'calm' | 'hostile', body: (cluster: SimulatedCluster) => Promise<void>) => async (): Promise<void> => {
    for (let seed = 1; seed <= 5; seed++)
      await onCluster(body, { seed, nodes: 3, clients: 2, chaos, statics: { actors: [Waiter], observers: [Bell] } });
  };

/** Calls that end one way or the other, and soon. */
async function soon(cluster: SimulatedCluster, call: () => Promise<unknown>): Promise<void> {
  const began = cluster.now;
  await call().catch(() => undefined);
  expect(cluster.now - began).to.be.lessThan(SOON_MS);
}

describe('Waits that no chain shows, simulated', () => {
  for (const kind of ['built', 'hooked', 'relayed']) {
    it(
      `end soon where an actor waits for one that is ${kind}`,
      among('calm', async (cluster) => {
        await Promise.all(
          Array.from({ length: 6 }, (_, index) =>
            soon(cluster, () =>
              cluster
                .client(index % 2)
                .actor(Waiter, `plain ${index}`)
                .visit(kind),
            ),
          ),
        );
      }),
    ).timeout(60_000);
  }

  it(
    'break no promise among faults',
    among('hostile', async (cluster) => {
      const calls = ['built', 'hooked', 'relayed'].flatMap((kind) =>
        Array.from({ length: 4 }, (_, index) =>
          cluster
            .client(index % 2)
            .actor(Waiter, `plain ${index}`)
            .visit(kind),
        ),
      );
      await Promise.allSettled(calls);
    }),
  ).timeout(60_000);

  it(
    'end soon where an actor waits for an observer of a client that asks it',
    among('calm', async (cluster) => {
      const client = cluster.client();
      const { reference } = await client.observe(new Bell(), () => client.actor(Waiter, 'plain 1').ask());
      await soon(cluster, () => client.actor(Waiter, 'plain 1').show(reference));
    }),
  ).timeout(60_000);
});

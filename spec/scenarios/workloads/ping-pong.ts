import { expect } from 'chai';
import { IsInt, IsString, Min } from 'class-validator';
import { Actor, ActorContext, formatNodeId, Handler, inject, retry } from 'moonpool';
import { PATIENCE } from '../patience';
import { OperationAlphabet, type Workload, type WorkloadContext } from 'moonpool/simulation';

class Ping {
  @IsInt() @Min(1) sequence!: number;
  @IsString() from!: string;
}

interface Pong {
  readonly sequence: number;
  readonly to: string;
  /** Which life of which node has answered. */
  readonly node: string;
  /** When the activation that has answered began, by the clock of its node. */
  readonly activeSince: number;
  /** How many pings that activation has answered. */
  readonly served: number;
}

/** Answers pings; there is one on each node at a time, which ends when it has been idle. */
@Actor({ name: 'PingPong', static: true })
export class PingPong {
  private readonly activeSince: number;
  private served = 0;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {
    this.activeSince = context.time.now();
  }

  @Handler() async ping({ sequence, from }: Ping): Promise<Pong> {
    return {
      sequence,
      to: from,
      node: formatNodeId(this.context.node),
      activeSince: this.activeSince,
      served: ++this.served,
    };
  }
}

interface Player extends WorkloadContext {
  /** Sends the next ping to a node and notes what comes of it. */
  ping(node: number, timeoutMs: number): Promise<void>;
}

const ROUNDS = 20;
/** Rests between rounds, so that a run is long enough for faults to find it, in milliseconds. */
const LONGEST_REST_MS = 400;
const PATIENCE_MS = 2_000;

const anyNode = ({ random, nodeAddresses }: WorkloadContext) => random.below(nodeAddresses.length);

const alphabet = new OperationAlphabet<Player>([
  { name: 'ping', weight: 50, run: (player) => player.ping(anyNode(player), PATIENCE_MS) },
  {
    name: 'volley',
    weight: 10,
    async run(player) {
      const node = anyNode(player);
      await Promise.all(Array.from({ length: 8 }, () => player.ping(node, PATIENCE_MS)));
    },
  },
  { name: 'impatient ping', weight: 8, kind: 'adversarial', run: (player) => player.ping(anyNode(player), 1) },
  {
    name: 'ping into the void',
    weight: 4,
    kind: 'adversarial',
    async run(player) {
      player
        .actor(PingPong)
        .$on(player.nodeAddresses[anyNode(player)] as string)
        .$send.ping({ sequence: 1, from: 'nobody' });
    },
  },
  {
    name: 'ping without a number',
    weight: 4,
    kind: 'adversarial',
    async run(player) {
      const target = player
        .actor(PingPong)
        .$on(player.nodeAddresses[anyNode(player)] as string)
        .$with({ timeoutMs: PATIENCE_MS });
      const refused = await target.ping({ sequence: 0, from: player.client }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refused, 'a ping without a number is not answered').to.be.instanceOf(Error);
    },
  },
  {
    name: 'crash a node',
    weight: 1,
    kind: 'nemesis',
    run: async (player) => player.nemesis.crash?.(anyNode(player), player.random.below(2_000)),
  },
  {
    name: 'cut a connection',
    weight: 2,
    kind: 'nemesis',
    run: async (player) => player.nemesis.cut?.(anyNode(player), anyNode(player)),
  },
  {
    name: 'part two nodes',
    weight: 1,
    kind: 'nemesis',
    run: async (player) => player.nemesis.partition?.(anyNode(player), anyNode(player), 500),
  },
]);

/**
 * Clients ping all nodes: each pong is that of its own ping, and every life of a node answers in the order of sending,
 * through however many activations.
 */
export class PingPongWorkload implements Workload {
  static readonly actors = [PingPong];
  private readonly pongs: { readonly client: string; readonly pong: Pong }[] = [];
  private unanswered = 0;

  async run(context: WorkloadContext): Promise<void> {
    const player = this.player(context);
    const letters = alphabet.swarm(context.random);
    for (let round = 0; round < ROUNDS; round++) {
      await letters.perform(player);
      await context.sleep(context.random.below(LONGEST_REST_MS));
    }
    context.sometimes('a ping stays without its pong', this.unanswered > 0);
    context.sometimes('a ping is answered', this.pongs.length > 0);
  }

  async check(context: WorkloadContext): Promise<void> {
    const last = new Map<string, Pong>();
    for (const { client, pong } of [...this.pongs].sort((a, b) => a.pong.sequence - b.pong.sequence)) {
      const pair = `${client} and ${pong.node}`;
      const before = last.get(pair);
      last.set(pair, pong);
      if (before === undefined) continue;
      expect(pong.activeSince, `${pair} at ping ${pong.sequence}: the activation that answers`).to.be.at.least(
        before.activeSince,
      );
      if (pong.activeSince === before.activeSince)
        expect(pong.served, `${pair} at ping ${pong.sequence}`).to.be.greaterThan(before.served);
    }
    for (const address of context.nodeAddresses) {
      const pong = await retry(
        () => context.actor(PingPong).$on(address).ping({ sequence: 1, from: context.client }),
        PATIENCE,
      );
      expect(pong.to).to.equal(context.client);
    }
  }

  private player(context: WorkloadContext): Player {
    let sequence = 0;
    const ping = async (node: number, timeoutMs: number): Promise<void> => {
      const number = ++sequence;
      const target = context
        .actor(PingPong)
        .$on(context.nodeAddresses[node] as string)
        .$with({ timeoutMs });
      const attempt = await context.attempt({ operation: 'ping', key: `node${node + 1}`, argument: number }, () =>
        target.ping({ sequence: number, from: context.client }),
      );
      if (attempt.outcome !== 'ok') {
        this.unanswered++;
        return;
      }
      expect(attempt.result).to.include({ sequence: number, to: context.client });
      this.pongs.push({ client: context.client, pong: attempt.result });
    };
    return Object.assign(Object.create(context) as WorkloadContext, { ping });
  }
}

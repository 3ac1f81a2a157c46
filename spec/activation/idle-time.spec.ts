import { expect } from 'chai';
import { Actor, ActorContext, Handler, inject, Timer, type ActorTimer, type DeactivationReason } from 'moonpool';
import type { SimulatedCluster } from '../../lib/simulation/cluster/simulated-cluster';
import { onCluster } from '../simulation/cluster/cluster-fixture';

/** In virtual milliseconds; idle activations are looked for as often. */
const IDLE_MS = 1_000;

let ended: string[] = [];

@Actor({ name: 'Worker', idleTimeoutMs: IDLE_MS })
class Worker {
  private turns = 0;
  private timer: ActorTimer | undefined;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  onDeactivate({ code }: DeactivationReason): void {
    ended.push(`${this.context.key} ${code}`);
  }
  /** Returns how many turns this activation has had. */
  @Handler() async work(ms: number): Promise<number> {
    await this.context.time.sleep(ms);
    return ++this.turns;
  }
  /** Returns how many turns this activation has had, and is none that counts. */
  @Handler({ keepsAlive: false }) async look(): Promise<number> {
    return this.turns;
  }
  @Handler() async tickEvery(everyMs: number, keepsAlive: boolean): Promise<void> {
    this.timer = this.context.timer(() => void this.turns++, { everyMs, keepsAlive });
  }
  @Handler() async stopTicking(): Promise<void> {
    this.timer?.cancel();
  }
  /** Asks for its end when the turn has long been over. */
  @Handler() async leaveLater(ms: number): Promise<void> {
    this.context.time.schedule(ms, () => {
      this.context.deactivateOnIdle();
      // The code that asks for it has the actor to the end.
      ended.push(`${this.context.key} asked`);
    });
  }
  /** Asks for its end from a promise that goes on after the turn. */
  @Handler() async leaveBehind(): Promise<void> {
    void Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => this.context.deactivateOnIdle());
  }
}

@Actor({ name: 'Metronome', idleTimeoutMs: IDLE_MS })
class Metronome {
  private beats = 0;
  @Timer({ everyMs: 2_500, keepsAlive: true }) beat(): void {
    this.beats++;
  }
  @Handler() async count(): Promise<number> {
    return this.beats;
  }
}

@Actor({ name: 'Leaver', idleTimeoutMs: IDLE_MS })
class Leaver {
  private turns = 0;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  onActivate(): void {
    this.context.deactivateOnIdle();
  }
  @Handler() async work(): Promise<number> {
    return ++this.turns;
  }
}

const run = (body: (cluster: SimulatedCluster) => Promise<void>) => async (): Promise<void> => {
  await onCluster(body, { nodes: 2, statics: { actors: [Worker, Metronome, Leaver] } });
};

describe('The idle time of an actor', () => {
  beforeEach(() => void (ended = []));

  it(
    'begins with the end of its last turn, however long that took',
    run(async (cluster) => {
      const worker = cluster.client().actor(Worker, 'w');
      expect(await worker.work(2_500)).to.equal(1);
      for (let turn = 2; turn < 5; turn++) {
        await cluster.sleep(IDLE_MS * 0.9);
        expect(await worker.work(2_500)).to.equal(turn);
      }
      await cluster.sleep(IDLE_MS * 3);
      expect(ended).to.deep.equal(['w idle']);
    }),
  );

  it(
    'does not pass while a timer keeps the actor, whatever its period, and passes when that is cancelled',
    run(async (cluster) => {
      const worker = cluster.client().actor(Worker, 'w');
      await worker.tickEvery(5_000, true);
      await cluster.sleep(16_000);
      expect(ended).to.deep.equal([]);
      expect(await worker.work(0)).to.equal(4);
      await worker.stopTicking();
      await cluster.sleep(IDLE_MS * 3);
      expect(ended).to.deep.equal(['w idle']);
      const metronome = cluster.client().actor(Metronome, 'm');
      expect(await metronome.count()).to.equal(0);
      await cluster.sleep(10_100);
      expect(await metronome.count()).to.equal(4);
    }),
  );

  it(
    'passes though a timer ticks that does not keep the actor',
    run(async (cluster) => {
      await cluster.client().actor(Worker, 'w').tickEvery(300, false);
      await cluster.sleep(IDLE_MS * 4);
      expect(ended).to.deep.equal(['w idle']);
    }),
  );

  it(
    'passes while somebody merely looks, by a handler that says so',
    run(async (cluster) => {
      const worker = cluster.client().actor(Worker, 'w');
      expect(await worker.work(0)).to.equal(1);
      const seen: number[] = [];
      for (let looks = 0; looks < 8; looks++) {
        await cluster.sleep(IDLE_MS * 0.3);
        seen.push(await worker.look());
      }
      expect(ended).to.deep.equal(['w idle']);
      // It is activated again by whoever looks.
      expect([seen.at(0), seen.at(-1)]).to.deep.equal([1, 0]);
    }),
  );

  it(
    'is over at once when the actor asks for it between its turns',
    run(async (cluster) => {
      const worker = cluster.client().actor(Worker, 'later');
      await worker.leaveLater(200);
      await cluster.sleep(150);
      expect(ended).to.deep.equal([]);
      await cluster.sleep(100);
      expect(ended).to.deep.equal(['later asked', 'later requested']);
      await cluster.client().actor(Worker, 'behind').leaveBehind();
      await cluster.sleep(50);
      expect(ended).to.include('behind requested');
      expect(await worker.work(0)).to.equal(1);
    }),
  );

  it(
    'is over after its first turns when it asks for that in onActivate, and they are served',
    run(async (cluster) => {
      const leaver = cluster.client().actor(Leaver, 'l');
      expect(await leaver.work()).to.equal(1);
      await cluster.sleep(50);
      expect(await leaver.work()).to.equal(1);
    }),
  );
});

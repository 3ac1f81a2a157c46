import { Actor } from '../../../decorators/actor';
import { Handler } from '../../../decorators/handler';
import { inject } from '../../../decorators/inject';
import { Persist } from '../../../decorators/persist';
import { ActorContext } from '../../../lib/actor/actor-context';
import type { ActorState } from '../../../lib/actor/actor-state';
import { TaskProvider } from '../../../lib/providers/task-provider';

class StrayState {
  count = 0;
}

/** Starts what it does not await, in every way that is wrong, and in those that are right. */
@Actor({ name: 'Stray' })
export class StrayActor {
  @Persist(StrayState) private readonly state!: ActorState<StrayState>;

  constructor(
    @inject(ActorContext) private readonly context: ActorContext,
    @inject(TaskProvider) private readonly tasks: TaskProvider,
  ) {}

  async onActivate(): Promise<void> {
    await this.context.time.sleep(5);
    void this.heartbeat();
  }

  @Handler()
  async forgetsTimer(): Promise<void> {
    void this.sleepTwice();
  }

  @Handler()
  async forgetsCall(): Promise<void> {
    void this.callLater();
  }

  @Handler()
  async forgetsWrite(): Promise<void> {
    void this.writeLater();
  }

  @Handler()
  async forgetsLink(): Promise<void> {
    void this.context.time.sleep(10).then(() => this.context.logger.info('late'));
  }

  @Handler()
  async spawns(): Promise<void> {
    this.tasks.spawn('sleep', () => this.sleepTwice());
  }

  @Handler()
  async gatedWrite(): Promise<void> {
    this.state.value.count++;
    void this.state.persist();
    void this.state.persist();
  }

  @Handler()
  async sends(): Promise<void> {
    this.context.actor(StrayActor, `${this.context.key}-other`).$send.nothing();
  }

  @Handler()
  async calls(): Promise<void> {
    await Promise.all(['x', 'y', 'z'].map((key) => this.context.actor(StrayActor, key).awaits()));
    await this.context.time.sleep(2);
  }

  @Handler()
  async awaits(): Promise<void> {
    await this.sleepTwice();
  }

  @Handler()
  async nothing(): Promise<void> {}

  private async sleepTwice(): Promise<void> {
    await this.context.time.sleep(10);
    await this.context.time.sleep(11);
  }

  private async callLater(): Promise<void> {
    await this.context.time.sleep(10);
    await this.context.actor(StrayActor, 'other').nothing();
  }

  private async writeLater(): Promise<void> {
    await this.context.time.sleep(10);
    await this.state.persist();
  }

  private async heartbeat(): Promise<void> {
    for (let beat = 0; beat < 10; beat++) await this.context.time.sleep(20);
  }
}

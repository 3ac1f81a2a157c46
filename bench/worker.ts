import { Actor, ActorState, Handler, Persist } from 'moonpool';

class Tally {
  count = 0;
}

/** An actor whose turns take their time, so that a node can be offered more than it can do. */
@Actor({ name: 'Worker' })
export class Worker {
  private count = 0;

  /** Keeps the processor busy for so long, in microseconds. */
  @Handler() async compute(microseconds: number): Promise<number> {
    const until = performance.now() + microseconds / 1_000;
    while (performance.now() < until) this.count++;
    return this.count;
  }

  /** Waits for something outside for so long, in milliseconds. */
  @Handler() async wait(milliseconds: number): Promise<number> {
    await new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
    });
    return ++this.count;
  }
}

/** An actor whose every turn writes its state. */
@Actor({ name: 'DurableWorker' })
export class DurableWorker {
  @Persist(Tally) private readonly tally!: ActorState<Tally>;

  @Handler() async add(amount: number): Promise<number> {
    this.tally.value.count += amount;
    await this.tally.persist();
    return this.tally.value.count;
  }
}

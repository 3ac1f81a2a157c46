import { Actor, ActorContext, AlwaysInterleave, Handler, inject, StatelessWorker } from 'moonpool';
import { Gate } from './gate';
import { note, release } from './node-journal';

/** Has turns that wait at a gate. */
@Actor({ name: 'Library', mailboxCapacity: 2 })
export class Library {
  private inside: string[] = [];
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler({ readOnly: true }) async read(gate: string, who: string): Promise<readonly string[]> {
    return this.stay(gate, who);
  }
  @Handler() async write(gate: string, who: string): Promise<readonly string[]> {
    return this.stay(gate, who);
  }
  @AlwaysInterleave() @Handler() async present(): Promise<readonly string[]> {
    return this.inside;
  }
  @Handler() async jot(journal: string, what: string): Promise<void> {
    note(journal, what, this.context.node.name);
  }

  /** Answers when it is let go, however late that is. */
  @Handler() async linger(journal: string): Promise<void> {
    note(journal, 'begun', this.context.node.name);
    await release(journal);
  }

  /** Who was inside when this turn ended. */
  private async stay(gate: string, who: string): Promise<readonly string[]> {
    this.inside = [...this.inside, who];
    await this.context.actor(Gate, gate).pass(who);
    const present = this.inside;
    this.inside = this.inside.filter((other) => other !== who);
    return present;
  }
}

/** Any number of it may work for one key. */
@StatelessWorker({ maxPerNode: 4 })
@Actor({ name: 'Grinder' })
export class Grinder {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler() async grind(gate: string): Promise<string> {
    await this.context.actor(Gate, gate).pass(this.context.node.name);
    return this.context.node.name;
  }
}

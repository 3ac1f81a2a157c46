import 'reflect-metadata';
import { Actor } from '../../../decorators/actor';
import { Handler } from '../../../decorators/handler';
import { inject } from '../../../decorators/inject';
import { Persist } from '../../../decorators/persist';
import { ActorContext } from '../../../lib/actor/actor-context';
import type { ActorState } from '../../../lib/actor/actor-state';

class LedgerState {
  entries: number[] = [];
}

/** Keeps numbers in the order in which they came; adding one twice does nothing. */
@Actor({ name: 'Ledger' })
export class Ledger {
  @Persist(LedgerState) private readonly state!: ActorState<LedgerState>;
  private busy = false;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler()
  async append(entry: number): Promise<number> {
    if (this.busy) throw new Error('two turns at once');
    this.busy = true;
    const { entries } = this.state.value;
    if (!entries.includes(entry)) entries.push(entry);
    await this.context.time.sleep(1);
    await this.state.persist();
    this.busy = false;
    return entries.length;
  }

  @Handler({ readOnly: true })
  async entries(): Promise<number[]> {
    return this.state.value.entries;
  }

  @Handler()
  async hang(): Promise<void> {
    await new Promise<void>(() => undefined);
  }
}

import { Actor, ActorContext, Handler, inject, Journal, JournalEvent, Persist, Reminder } from 'moonpool';
import type { ActorJournal, ActorState } from 'moonpool';

/** What an account holds, three times over: in its state, in what its journal adds up to, and in the events themselves. */
export interface AccountBooks {
  readonly state: readonly string[];
  readonly journal: readonly string[];
  readonly history: readonly string[];
}

class Keys {
  keys: string[] = [];
}

@JournalEvent('noted')
class Noted {
  constructor(readonly key = '') {}
}

class Summed {
  keys: string[] = [];

  apply({ key }: Noted): void {
    this.keys.push(key);
  }
}

/** Hears of each entry of the account of its key, and of what clients tell it. */
@Actor({ name: 'Listener', persist: 'after-turn' })
export class Listener {
  @Persist(Keys) private readonly heard!: ActorState<Keys>;

  @Handler() async hear(key: string): Promise<void> {
    this.heard.value.keys.push(key);
  }

  @Handler({ readOnly: true }) async keys(): Promise<string[]> {
    return this.heard.value.keys;
  }
}

/** Decides in one turn what may only be there together: state, event, answer and message. */
@Actor({ name: 'Account', persist: 'after-turn' })
export class Account {
  @Persist(Keys) private readonly entries!: ActorState<Keys>;
  @Journal(Summed, { events: [Noted], snapshotEvery: 50 }) private readonly book!: ActorJournal<Summed>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async enter(key: string): Promise<number> {
    this.entries.value.keys.push(key);
    this.book.emit(new Noted(key));
    await this.context.actor(Listener, this.context.key).$deliver.hear(key);
    return this.entries.value.keys.length;
  }

  @Handler({ readOnly: true }) async books(): Promise<AccountBooks> {
    const history: string[] = [];
    for await (const { event } of this.book.history()) history.push((event as Noted).key);
    return { state: this.entries.value.keys, journal: this.book.value.keys, history };
  }
}

class Rings {
  count = 0;
}

/** Rings once, some time after it was set. */
@Actor({ name: 'Alarm', persist: 'after-turn' })
export class Alarm {
  @Persist(Rings) private readonly rung!: ActorState<Rings>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async set(delayMs: number): Promise<void> {
    await this.context.remind('ring', { delayMs });
  }

  @Reminder('ring') async ring(): Promise<void> {
    this.rung.value.count++;
  }

  @Handler({ readOnly: true }) async rings(): Promise<number> {
    return this.rung.value.count;
  }
}

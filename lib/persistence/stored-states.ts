import type { ActorDescriptor } from '../metadata/actor-descriptor';
import type { PersistRecord } from '../metadata/actor-record';
import type { StorageTable } from '../storage/storage-table';
import type { DurableOwner, DurableState, DurableStates } from '../turns/durable-state';
import { NOTHING_DURABLE } from '../turns/nothing-durable';
import { ActorStates, type ActorStatesParts } from './actor-states';
import { SplitStates, type SplitPlan } from './split-states';

/** What the states of actors need from their node. */
export interface StoredStatesParts extends ActorStatesParts {
  readonly storages: StorageTable;
}

/** All states of the class are in the default storage, as those of most are. */
const UNDIVIDED = 'undivided';

/** The states of actors, kept in storages: what is durable of them unless a module says otherwise. */
export class StoredStates implements DurableStates {
  /** How the states of each class are divided; made when its first actor is activated. */
  private readonly plans = new Map<ActorDescriptor, SplitPlan | typeof UNDIVIDED>();

  constructor(private readonly parts: StoredStatesParts) {}

  open(owner: DurableOwner): DurableState {
    const { descriptor } = owner;
    const { states, journals } = descriptor;
    if (states.length + journals.length === 0) return NOTHING_DURABLE;
    const plan = this.planOf(descriptor);
    return plan === UNDIVIDED ? new ActorStates(owner, this.parts) : new SplitStates(owner, plan, this.parts);
  }

  private planOf(descriptor: ActorDescriptor): SplitPlan | typeof UNDIVIDED {
    const known = this.plans.get(descriptor);
    if (known !== undefined) return known;
    const plan = this.divide(descriptor);
    this.plans.set(descriptor, plan);
    return plan;
  }

  private divide(descriptor: ActorDescriptor): SplitPlan | typeof UNDIVIDED {
    const groups = new Map<string, PersistRecord[]>();
    for (const record of descriptor.states) {
      if (record.storage === undefined) continue;
      const group = groups.get(record.storage) ?? [];
      groups.set(record.storage, [...group, record]);
    }
    if (groups.size === 0) return UNDIVIDED;
    const states = descriptor.states.filter(({ storage }) => storage === undefined);
    const named = [...groups].map(([storage, of]) => ({
      group: { storage, states: of },
      parts: { ...this.parts, storage: this.parts.storages.of(storage) },
    }));
    return { usual: { ...descriptor, states }, named };
  }
}

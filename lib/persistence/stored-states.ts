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

/** The states of actors, kept in storages: what is durable of them unless a module says otherwise. */
export class StoredStates implements DurableStates {
  /** Of the classes that have states in named storages; undefined for the others. */
  private readonly plans = new Map<ActorDescriptor, SplitPlan | undefined>();

  constructor(private readonly parts: StoredStatesParts) {}

  open(owner: DurableOwner): DurableState {
    const { descriptor } = owner;
    const { states, journals } = descriptor;
    if (states.length + journals.length === 0) return NOTHING_DURABLE;
    const plan = this.planOf(descriptor);
    return plan === undefined ? new ActorStates(owner, this.parts) : new SplitStates(owner, plan, this.parts);
  }

  private planOf(descriptor: ActorDescriptor): SplitPlan | undefined {
    if (this.plans.has(descriptor)) return this.plans.get(descriptor);
    const plan = this.plan(descriptor);
    this.plans.set(descriptor, plan);
    return plan;
  }

  private plan(descriptor: ActorDescriptor): SplitPlan | undefined {
    const groups = new Map<string, PersistRecord[]>();
    for (const record of descriptor.states) {
      if (record.storage === undefined) continue;
      const group = groups.get(record.storage) ?? [];
      groups.set(record.storage, [...group, record]);
    }
    if (groups.size === 0) return undefined;
    const states = descriptor.states.filter(({ storage }) => storage === undefined);
    const named = [...groups].map(([storage, of]) => ({
      group: { storage, states: of },
      parts: { ...this.parts, storage: this.parts.storages.of(storage) },
    }));
    return { usual: { ...descriptor, states }, named };
  }
}

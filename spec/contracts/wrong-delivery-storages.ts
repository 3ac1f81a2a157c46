import type { Due, StateStorage, StoredDelivery } from 'moonpool/modules';
import { pause, type Bugs } from './wrong-engine';

async function find(storage: StateStorage, id: string): Promise<StoredDelivery | undefined> {
  const { deliveries } = await storage.deliveries({ limit: 1_000 });
  return deliveries.find((one) => one.id === id);
}

const early = (due: Due): Due => ('inMs' in due ? { inMs: Math.max(0, due.inMs - 10) } : due);

const DELIVERY_BUGS: Bugs<StateStorage> = {
  'what is due is found as it was written': (proper) => ({
    due: async (range, limit) => {
      const found = await proper.due(range, limit);
      return { ...found, deliveries: [...found.deliveries].sort((a, b) => (a.id < b.id ? -1 : 1)) };
    },
  }),
  'nothing is due early': (proper) => ({
    deliver: (deliveries) => proper.deliver(deliveries.map((one) => ({ ...one, due: early(one.due) }))),
  }),
  'nothing is due early by the clock of the store, which tells': (proper) => ({
    due: async (range, limit) => ({ ...(await proper.due(range, limit)), nextAt: undefined }),
  }),
  'when nothing waits': (proper) => ({
    due: async (range, limit) => {
      const { nextAt } = await proper.due({ from: 0, to: 2 ** 32 }, 0);
      return { ...(await proper.due(range, limit)), nextAt };
    },
  }),
  'what is due is found by its part of the ring': (proper) => ({
    due: ({ from, to }, limit) => proper.due({ from, to: to + 1 }, limit),
  }),
  'no more is found due at once': (proper) => ({
    due: async (range, limit) => {
      const all = await proper.due(range, 1_000);
      return { ...all, deliveries: all.deliveries.slice(0, limit), nextAt: all.deliveries[limit]?.dueAt };
    },
  }),
  'a delivery whose id is known stays': (proper) => ({
    deliver: async (deliveries) => {
      for (const { id, due, data } of deliveries) {
        const present = await find(proper, id);
        if (present !== undefined) await proper.settle({ ...present, next: { due, data } });
      }
      return proper.deliver(deliveries);
    },
  }),
  'a delivery whose id is known stays as it is, unless a commit': (proper) => ({
    commit: async ({ deliveries = [], ...commit }) => {
      await proper.deliver(deliveries);
      return proper.commit(commit);
    },
  }),
  'a commit cancels deliveries before': (proper) => ({
    commit: ({ deliveries = [], cancels = [], ...commit }) =>
      proper.commit({ ...commit, cancels, deliveries: deliveries.filter(({ id }) => !cancels.includes(id)) }),
  }),
  'deliveries are listed a page at a time': (proper) => ({
    deliveries: async (query) => {
      const { deliveries } = await proper.deliveries(query);
      return { deliveries, isLast: deliveries.length < query.limit };
    },
  }),
  'deliveries are listed by whom they are for': (proper) => ({
    deliveries: async ({ target = '', ...query }) => {
      const page = await proper.deliveries(query);
      return { ...page, deliveries: page.deliveries.filter((one) => one.target.startsWith(target)) };
    },
  }),
  'whoever opens it once more sees the same deliveries': () => ({}),
};

const SETTLEMENT_BUGS: Bugs<StateStorage> = {
  'a delivery that was made is gone': (proper) => ({
    settle: async (settlement) => (await proper.settle(settlement)) || settlement.id === 'a',
  }),
  'of settlements that are made at once': (proper) => ({
    settle: async (settlement) => {
      const before = await find(proper, settlement.id);
      await pause();
      await proper.settle(settlement);
      return before?.version === settlement.version;
    },
  }),
  'a delivery that is to be made again': (proper) => ({
    settle: ({ next, ...settlement }) =>
      proper.settle(next === undefined ? settlement : { ...settlement, next: { ...next, due: { inMs: 0 } } }),
  }),
  'a delivery that has changed since': (proper) => ({
    settle: async (settlement) => {
      const { version = 0 } = (await find(proper, settlement.id)) ?? {};
      return proper.settle(settlement.next === undefined ? settlement : { ...settlement, version });
    },
  }),
  // Each delivery counts its own writes, from 1.
  'a delivery that was removed and written again': (proper) => ({
    deliveries: async (query) => {
      const page = await proper.deliveries(query);
      return { ...page, deliveries: page.deliveries.map((one) => ({ ...one, version: 1 })) };
    },
    settle: async (settlement) => {
      const { version = 0 } = (await find(proper, settlement.id)) ?? {};
      return settlement.version === 1 && proper.settle({ ...settlement, version });
    },
  }),
  'a dead letter is never due': (proper) => ({
    settle: ({ next, ...settlement }) =>
      proper.settle(
        next?.due === 'never' ? { ...settlement, next: { ...next, due: { at: 8e15 } } } : { ...settlement, next },
      ),
  }),
};

export const DELIVERY_STORAGE_BUGS: Bugs<StateStorage> = { ...DELIVERY_BUGS, ...SETTLEMENT_BUGS };

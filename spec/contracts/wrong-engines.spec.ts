import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type {
  ActorDirectory,
  MembershipStore,
  StateStorage,
  StorageDevice,
  StorageFile,
  StoredState,
} from 'moonpool/modules';
import {
  actorDirectoryContract,
  contractCases,
  membershipStoreContract,
  stateStorageContract,
  storageDeviceContract,
  type Contract,
  type ContractSubject,
} from 'moonpool/contracts';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';
import { MemoryDirectory } from '../../lib/directory/memory-directory';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { NodeStorageDevice } from '../../lib/providers/node/node-storage-device';

/** What an engine does wrong, in place of what it should do. */
type Wrong<T> = (proper: T) => Partial<T>;
/** For each promise of a contract, by the beginning of its title, an engine that breaks it. */
type Bugs<T> = Readonly<Record<string, Wrong<T>>>;

const NOTHING: StoredState = {
  epoch: 0,
  version: 0,
  writeId: '',
  data: undefined,
  snapshot: undefined,
  lastEvent: 0,
  answers: 0,
};
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const STORAGE_BUGS: Bugs<StateStorage> = {
  'the first claim finds nothing': (proper) => ({
    claim: async (actor) => ({ ...(await proper.claim(actor)), epoch: 1 }),
  }),
  'what was written is what every read': (proper) => ({
    read: async (actor) => ({ ...NOTHING, ...(await proper.read(actor)), writeId: '' }),
  }),
  'of an actor that never claimed': (proper) => ({ read: async (actor) => (await proper.read(actor)) ?? NOTHING }),
  'a stale epoch is fenced': (proper) => ({
    commit: async (write) => proper.commit({ ...write, epoch: (await proper.read(write.actor))?.epoch ?? 0 }),
  }),
  'a write without any claim': (proper) => ({
    commit: async (write) => {
      if ((await proper.read(write.actor)) === undefined) await proper.claim(write.actor);
      return proper.commit(write);
    },
  }),
  'a version that is not the present one': (proper) => ({
    commit: async (write) => {
      const { version = 0 } = (await proper.read(write.actor)) ?? {};
      return proper.commit(write.version > version ? { ...write, version } : write);
    },
  }),
  'a write that is repeated': (proper) => ({
    commit: async (write) => {
      const outcome = await proper.commit(write);
      return outcome.kind === 'conflict' && outcome.version > 1 ? { ...outcome, writeId: '' } : outcome;
    },
  }),
  'claims that are made at once': (proper) => {
    let last: ReturnType<StateStorage['claim']> | undefined;
    return { claim: (actor) => (last ??= proper.claim(actor).finally(() => setImmediate(() => (last = undefined)))) };
  },
  'of writes that are made at once': (proper) => ({
    commit: async (write) => {
      const before = await proper.read(write.actor);
      await pause();
      const outcome = await proper.commit(write);
      return before?.version === write.version && outcome.kind === 'conflict'
        ? { kind: 'accepted', version: write.version + 1 }
        : outcome;
    },
  }),
  'whoever opens it once more': () => ({}),
  'actors are distinguished': (proper) => ({
    claim: (actor) => proper.claim(actor.toLowerCase()),
    commit: (write) => proper.commit({ ...write, actor: write.actor.toLowerCase() }),
    read: (actor) => proper.read(actor.toLowerCase()),
  }),
  'bytes come back as they were': (proper) => ({
    commit: (write) => proper.commit({ ...write, data: Buffer.from(Buffer.from(write.data ?? []).toString('utf8')) }),
  }),
  'the buffer of a write belongs': (proper) => {
    const kept = new Map<string, Uint8Array>();
    return {
      commit: (write) => {
        kept.set(write.writeId, write.data ?? new Uint8Array());
        return proper.commit(write);
      },
      read: async (actor) => {
        const state = await proper.read(actor);
        return state && { ...state, data: kept.get(state.writeId) };
      },
    };
  },
};

const DIRECTORY_BUGS: Bugs<ActorDirectory> = {
  'an actor that was registered': (proper) => ({ lookup: async () => proper.lookup('shop/Cart/1') }),
  'of activations that are registered at once': (proper) => ({
    register: async (candidate, replaces) => {
      const present = await proper.lookup(candidate.actor);
      await pause();
      return present === undefined ? candidate : proper.register(candidate, replaces);
    },
  }),
  'a registration gives way only': (proper) => ({
    register: async (candidate) =>
      proper.register(candidate, (await proper.lookup(candidate.actor))?.activation ?? undefined),
  }),
  'to register again changes nothing': (proper) => ({
    register: async (candidate, replaces) => {
      const present = await proper.lookup(candidate.actor);
      if (present?.activation !== candidate.activation) return proper.register(candidate, replaces);
      return { ...present, activation: 'another' };
    },
  }),
  'a registration is removed only': (proper) => ({
    unregister: async (actor) => proper.unregister(actor, (await proper.lookup(actor))?.activation ?? ''),
  }),
  'whoever opens it once more': () => ({}),
};

const MEMBERSHIP_BUGS: Bugs<MembershipStore> = {
  'whoever joins is active': (proper) => ({
    join: async (request, version) => {
      const node = await proper.join(request, version);
      return node && { ...node, incarnation: 1 };
    },
  }),
  'members are sorted': (proper) => ({
    read: async () => {
      const view = await proper.read();
      return { ...view, members: [...view.members].reverse() };
    },
  }),
  'what a node says': (proper) => ({
    join: ({ labels: _labels, ...request }, version) => proper.join(request, version),
  }),
  'views are ordered': (proper) => ({
    read: async () => {
      const view = await proper.read();
      const renewals = view.members.reduce((sum, { leaseCounter }) => sum + leaseCounter, 0);
      return { ...view, version: view.version + renewals };
    },
  }),
  'whoever joins under the name': (proper) => {
    let joins = 0;
    return { join: (request, version) => proper.join({ ...request, address: `${++joins}` }, version) };
  },
  'a join that was decided': (proper) => ({
    join: async (request) => proper.join(request, (await proper.read()).version),
  }),
  'of nodes that join at once': (proper) => ({
    join: async (request, version) => {
      const before = await proper.read();
      await pause();
      return proper.join(request, before.version === version ? (await proper.read()).version : version);
    },
  }),
  'no more than the last dead': (proper) => {
    let lives = 0;
    return {
      join: (request, version) => proper.join({ ...request, name: `${request.name}${++lives}` }, version),
    };
  },
  'a change that was decided': (proper) => ({
    changeStatus: async (node, status, expected) =>
      proper.changeStatus(node, status, { ...expected, version: (await proper.read()).version }),
  }),
  'a member that renewed meanwhile': (proper) => ({
    changeStatus: (node, status, { version }) => proper.changeStatus(node, status, { version }),
  }),
  'the dead do not come back': (proper) => ({
    renew: async (node, load) => (await proper.renew(node, load)) || node.name !== 's',
  }),
  'whoever opens it once more': () => ({}),
};

const DEVICE_BUGS: Bugs<StorageDevice> = {
  'what was written is read back': (proper) =>
    opening(proper, (file) => ({ write: (at, data) => file.write(at && 0, data) })),
  'a gap reads as zeros': (proper) => opening(proper, (file) => ({ write: (_at, data) => file.write(0, data) })),
  'truncating shortens': (proper) => opening(proper, () => ({ truncate: async () => undefined })),
  'renaming replaces': (proper) => ({
    rename: async (from, to) => {
      if (!(await proper.exists(to))) await proper.rename(from, to);
    },
  }),
};

function opening(device: StorageDevice, wrong: Wrong<StorageFile>): Partial<StorageDevice> {
  return {
    open: async (path) => {
      const file = await device.open(path);
      return otherwise(file, wrong(file));
    },
  };
}

/** The object with some of its methods replaced. */
function otherwise<T extends object>(proper: T, wrong: Partial<T>): T {
  return new Proxy(proper, {
    get(target, name) {
      const member: unknown = Reflect.get(wrong, name) ?? Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function describeBugs<T extends object>(contract: Contract<T>, bugs: Bugs<T>, make: ContractSubject<T>): void {
  describe(`The contract of ${contract.name}`, () => {
    for (const [beginning, wrong] of Object.entries(bugs)) {
      it(`finds an engine of which it does not hold that ${beginning}...`, async () => {
        const open = async (place: string): Promise<T> => {
          const proper = await make.open(place);
          return otherwise(proper, wrong(proper));
        };
        const found = contractCases(contract, { ...make, open }).find(({ title }) => title.startsWith(beginning));
        if (found === undefined) throw new Error('there is no such promise');
        let failure: unknown;
        await found.run().catch((error: unknown) => (failure = error));
        expect(failure).to.have.property('code', 'ERR_ASSERTION');
      });
    }

    it('has no promise of which no engine was seen that breaks it', () => {
      const beginnings = Object.keys(bugs);
      const unproven = contract.promises.filter(({ title }) => !beginnings.some((each) => title.startsWith(each)));
      expect(unproven.map(({ title }) => title)).to.deep.equal([]);
    });
  });
}

describeBugs(stateStorageContract, STORAGE_BUGS, { open: () => new MemoryStorage(Date.now) });
describeBugs(actorDirectoryContract, DIRECTORY_BUGS, { open: () => new MemoryDirectory() });
describeBugs(membershipStoreContract, MEMBERSHIP_BUGS, { open: () => new MemoryMembershipStore() });
describeBugs(storageDeviceContract, DEVICE_BUGS, {
  place: () => mkdtempSync(join(tmpdir(), 'moonpool-spec-')),
  open: (folder) => new NodeStorageDevice(folder),
  clear: (folder) => rmSync(folder, { recursive: true, force: true }),
});

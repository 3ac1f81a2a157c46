import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ActorDirectory, Member, MembershipStore, StorageDevice, StorageFile } from 'moonpool/modules';
import {
  actorDirectoryContract,
  contractCases,
  membershipStoreContract,
  stateStorageContract,
  storageDeviceContract,
  type Contract,
  type ContractSubject,
} from 'moonpool/contracts';
import type { MemberSession } from '../../lib/cluster/member-session';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';
import { MemoryDirectory } from '../../lib/directory/memory-directory';
import type { NodeId } from '../../lib/identity/node-id';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { DELIVERY_STORAGE_BUGS } from './wrong-delivery-storages';
import { pause, type Bugs, type Wrong } from './wrong-engine';
import { STATE_STORAGE_BUGS } from './wrong-state-storages';
import { NodeStorageDevice } from '../../lib/providers/node/node-storage-device';

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
  'whom a node does not reach': (proper) => ({ renew: (node, load) => proper.renew(node, load) }),
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
  'of dead members that have names': (proper) => {
    const seen = new Map<number, Member>();
    return {
      read: async () => {
        const view = await proper.read();
        for (const member of view.members) seen.set(member.incarnation, member);
        const present = new Set(view.members.map(({ incarnation }) => incarnation));
        const forgotten = [...seen.values()].filter(({ incarnation }) => !present.has(incarnation));
        return { ...view, members: [...view.members, ...forgotten] };
      },
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
  'a session is not said to have ended': () => ({ openSession: () => sessionOf((nodes) => nodes) }),
  'a session that has ended': () => ({ openSession: () => sessionOf(() => []) }),
};

const sessionOf = (tellsOf: (nodes: readonly NodeId[]) => readonly NodeId[]): MemberSession => ({
  ended: async (nodes) => tellsOf(nodes),
  close: async () => undefined,
});

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

const STORAGE_BUGS = { ...STATE_STORAGE_BUGS, ...DELIVERY_STORAGE_BUGS };
describeBugs(stateStorageContract, STORAGE_BUGS, { open: () => new MemoryStorage(Date.now) });
describeBugs(actorDirectoryContract, DIRECTORY_BUGS, { open: () => new MemoryDirectory() });
describeBugs(membershipStoreContract, MEMBERSHIP_BUGS, { open: () => new MemoryMembershipStore() });
describeBugs(storageDeviceContract, DEVICE_BUGS, {
  place: () => mkdtempSync(join(tmpdir(), 'moonpool-spec-')),
  open: (folder) => new NodeStorageDevice(folder),
  clear: (folder) => rmSync(folder, { recursive: true, force: true }),
});

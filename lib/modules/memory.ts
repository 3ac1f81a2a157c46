import { MemoryMembershipStore } from '../cluster/memory-membership-store';
import { MembershipStore } from '../cluster/membership-store';
import { ActorDirectory } from '../directory/actor-directory';
import { MemoryDirectory } from '../directory/memory-directory';
import type { ContainerModule } from '../injection/container-module';
import { MemoryStorage } from '../storage/memory-storage';
import { TimeProvider } from '../providers/time-provider';
import { LocalNode } from '../identity/local-node';
import { StateStorage } from '../storage/state-storage';

/**
 * State, membership and directory in memory: a cluster within one process, and the default. All runtimes that are given
 * the same module object and have one namespace are one cluster; nothing outlives the process.
 */
export function memory(): ContainerModule {
  let storage: StateStorage | undefined;
  const memberships = new Map<string, MemoryMembershipStore>();
  const directory = new MemoryDirectory();
  return {
    name: 'memory',
    load(bind) {
      bind(StateStorage).toFactory([TimeProvider], (time) => (storage ??= new MemoryStorage(() => time.wallClock())));
      bind(MembershipStore).toFactory([LocalNode], ({ cluster }) => {
        const membership = memberships.get(cluster) ?? new MemoryMembershipStore();
        memberships.set(cluster, membership);
        return membership;
      });
      bind(ActorDirectory).toValue(directory);
    },
  };
}

import { TimeProvider, type StartupTask } from 'moonpool';
import type { LobbyKey } from './contest';
import { Lobby } from './lobby';

/**
 * Each node, from its start on, has the lobbies look after their games now and then: so the clock of a game goes on when the
 * node that it was on has died, also when both players have gone away.
 */
export function keepWatch(lobbies: readonly LobbyKey[], everyMs: number): StartupTask {
  return {
    name: 'keep watch over the lobbies',
    run(node) {
      const time = node.service(TimeProvider);
      const watch = (): void => {
        for (const key of lobbies) node.actor(Lobby, key).$send.watch();
        next = time.schedule(everyMs, watch);
      };
      let next = time.schedule(everyMs, watch);
      return () => next.cancel();
    },
  };
}

import type { StateStorage } from 'moonpool/modules';

/** For how long what is acknowledged is nowhere but in the memory of its node, in milliseconds. */
const DELAY_MS = 400;

/**
 * The storage of a deliberately careless node: it acknowledges each commit at once, and hands it on some time later. Whatever ends the process
 * meanwhile, or claims the state for another one, loses what was acknowledged.
 */
export function acknowledgedEarly(storage: StateStorage): StateStorage {
  const commit: StateStorage['commit'] = async (decided) => {
    // That it was refused in the end nobody learns any more.
    setTimeout(() => storage.commit(decided).catch(() => undefined), DELAY_MS);
    return { kind: 'accepted', version: decided.version + 1 };
  };
  return new Proxy(storage, {
    get(target, name) {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

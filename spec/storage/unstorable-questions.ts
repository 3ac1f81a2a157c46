import type { MembershipStore } from '../../lib/cluster/membership-store';
import type { ActorDirectory } from '../../lib/directory/actor-directory';
import type { StateStorage } from '../../lib/storage/state-storage';

/** Texts that do not come back from every store as they are. */
export const UNSTORABLE = ['a/b/\0', 'a\0b', '\ud800', 'a/b/\udc00x'];

const DATA = Uint8Array.of(1);
const ORDINARY = 'a/b/c';

/** All that a storage can be asked with the text. */
export function questionsWith(text: string, storage: StateStorage): readonly (() => Promise<unknown>)[] {
  const commit = { actor: ORDINARY, epoch: 1, version: 0, writeId: 'w', data: DATA };
  const delivery = { id: 'd', target: ORDINARY, slot: 1, due: { at: 1 }, data: DATA };
  const commits = [
    { actor: text },
    { writeId: text },
    {
      answers: [
        { key: 'k', data: DATA },
        { key: text, data: DATA },
      ],
    },
    { deliveries: [delivery, { ...delivery, id: text }] },
    { deliveries: [{ ...delivery, target: text }] },
    { cancels: ['d', text] },
    { actor: text, destroys: true as const },
  ];
  return [
    () => storage.claim(text),
    ...commits.map((part) => () => storage.commit({ ...commit, ...part })),
    () => storage.read(text),
    () => storage.list({ prefix: text, limit: 9 }),
    () => storage.list({ prefix: '', after: text, limit: 9 }),
    () => storage.count(text),
    () => storage.history(text, 1, 9),
    () => storage.answer(ORDINARY, text),
    () => storage.answer(text, 'k'),
    () => storage.deliver([delivery, { ...delivery, id: text }]),
    () => storage.deliver([{ ...delivery, target: text }]),
    () => storage.settle({ id: text, version: 1 }),
    () => storage.deliveries({ target: text, limit: 9 }),
    () => storage.deliveries({ after: text, limit: 9 }),
  ];
}

/** All that a directory and a table of members can be asked with the text. */
export function questionsOfNodesWith(
  text: string,
  directory: ActorDirectory,
  membership: MembershipStore,
): readonly (() => Promise<unknown>)[] {
  const registration = { actor: ORDINARY, activation: 'x', node: { name: 'n', incarnation: 3 }, address: 'a:1' };
  const node = { name: text, incarnation: 1 };
  return [
    () => directory.lookup(text),
    () => directory.register({ ...registration, actor: text }),
    () => directory.register({ ...registration, activation: text }),
    () => directory.register({ ...registration, node }),
    () => directory.register({ ...registration, address: text }),
    () => directory.register(registration, text),
    () => directory.unregister(text, 'x'),
    () => directory.unregister(ORDINARY, text),
    () => membership.join({ name: text, address: 'a:1', actorTypes: [] }, 0),
    () => membership.join({ name: 'n', address: text, actorTypes: [] }, 0),
    () => membership.renew(node, 0),
    () => membership.changeStatus(node, 'dead', { version: 0 }),
  ];
}

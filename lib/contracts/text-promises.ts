import { isMoonpoolError } from '../errors/moonpool-error';
import type { StateStorage } from '../storage/state-storage';
import { bytes, ClaimedActor } from './claimed-actor';
import { expectEqual, type ContractPromise } from './contract';

/** A zero character, which some stores end texts at, and halves of pairs of surrogates, for which UTF-8 has no bytes. */
const UNUSUAL = ['\0', '\ud800', '\udfff'];
/** What a careless store makes of them. */
const REPLACEMENT = '\ufffd';
const LIMIT = 10;
const DUE = { at: 5 };

const actorOf = (text: string): string => `shop/Cart/${text}`;

/** It is refused as what cannot be, and was not done; or it comes to what is expected. */
async function expectRefusedOr<T>(what: string, asked: Promise<T>, ...expected: readonly T[]): Promise<void> {
  let answer: T;
  try {
    answer = await asked;
  } catch (error) {
    if (!isMoonpoolError(error, 'INVALID_OPTION')) throw error;
    return expectEqual(`what is said of ${what}`, error.executed, 'no');
  }
  if (expected.length > 0) expectEqual(what, answer, expected[0]);
}

/** What is promised of texts that cannot be stored as they are. */
export const TEXT_PROMISES: readonly ContractPromise<StateStorage>[] = [
  {
    title: 'a text that cannot be stored as it is never stands for another one, whatever is asked with it',
    async check(storage) {
      const claimed = await ClaimedActor.of(storage, actorOf(REPLACEMENT));
      const delivery = { id: REPLACEMENT, target: actorOf(REPLACEMENT), slot: 5, due: DUE, data: bytes(1) };
      const answers = [{ key: REPLACEMENT, data: bytes(2) }];
      await claimed.commit({ data: bytes(1), events: [bytes(1)], answers, deliveries: [delivery] });
      const [kept] = (await storage.deliveries({ limit: LIMIT })).deliveries;
      const version = kept?.version ?? 0;
      for (const text of UNUSUAL) {
        const actor = actorOf(text);
        await expectRefusedOr('a read', storage.read(actor), undefined);
        await expectRefusedOr('the events', storage.history(actor, 1, LIMIT), []);
        await expectRefusedOr('an answer', storage.answer(actorOf(REPLACEMENT), text), undefined);
        await expectRefusedOr('a list', storage.list({ prefix: actor, limit: LIMIT }), { actors: [], isLast: true });
        await expectRefusedOr('a count', storage.count(actor), 0);
        await expectRefusedOr('a page behind it', storage.list({ prefix: '', after: actor, limit: LIMIT }));
        const ofTarget = storage.deliveries({ target: actor, limit: LIMIT });
        await expectRefusedOr('deliveries of an actor', ofTarget, { deliveries: [], isLast: true });
        await expectRefusedOr('deliveries behind it', storage.deliveries({ after: text, limit: LIMIT }));
        await expectRefusedOr('a settlement', storage.settle({ id: text, version }), false);
        const commit = { actor, epoch: 1, version: 1, writeId: 'w', data: bytes(9) };
        await expectRefusedOr('a commit', storage.commit(commit), { kind: 'fenced', epoch: 0 });
      }
      expectEqual('what was kept', (await storage.deliveries({ limit: LIMIT })).deliveries.length, 1);
    },
  },
  {
    title: 'texts that cannot be stored as they are do not become one, and hold up nothing that comes with them',
    async check(storage) {
      const epochOf = async (text: string): Promise<number> => (await storage.claim(actorOf(text))).epoch;
      const claims = UNUSUAL.map((text) => expectRefusedOr('a claim', epochOf(text), 1));
      const [ordinary] = await Promise.all([epochOf('1'), ...claims]);
      expectEqual('a claim beside them', ordinary, 1);
      const commit = { actor: actorOf('1'), epoch: 1, version: 0, writeId: 'w', data: bytes(1) };
      const accepted = { kind: 'accepted', version: 1 } as const;
      for (const text of UNUSUAL) {
        const delivery = { id: text, target: actorOf('1'), slot: 5, due: DUE, data: bytes(1) };
        await expectRefusedOr('a delivery', storage.deliver([delivery]), undefined);
      }
      expectEqual('a commit behind them', await storage.commit(commit), accepted);
      const ids = (await storage.deliveries({ limit: LIMIT })).deliveries.map(({ id }) => id);
      expectEqual(
        'others than were kept',
        ids.filter((id) => !UNUSUAL.includes(id)),
        [],
      );
    },
  },
];

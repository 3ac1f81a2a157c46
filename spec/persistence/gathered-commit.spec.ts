import { expect } from 'chai';
import { GatheredCommit, type Change } from '../../lib/persistence/gathered-commit';

const bytes = (byte: number): Uint8Array => Uint8Array.of(byte);
const delivery = (id: string) => ({ id, target: 'a', slot: 1, due: { inMs: 0 }, data: bytes(4) });

function gathered(...changes: readonly Change[]): GatheredCommit {
  const commit = new GatheredCommit();
  for (const change of changes) commit.add(change);
  return commit;
}

const WHOLE: Change = {
  states: ['cart'],
  events: [bytes(1)],
  snapshot: { upTo: 1, data: bytes(2) },
  answer: { key: 'k', data: bytes(3) },
  deliveries: [delivery('d')],
};

describe('Changes that are written together', () => {
  it('hold nothing of the actor from before it was deleted, and all that it has decided to send', () => {
    const { content, writesStates } = gathered(WHOLE, { destroys: true });
    expect(content).to.deep.equal({ destroys: true, deliveries: [delivery('d')] });
    expect(writesStates).to.equal(true);
  });

  it('hold what comes after the deletion, and what is decided with it', () => {
    const after = { events: [bytes(5)], answer: { key: 'k', data: bytes(6) } };
    expect(gathered(WHOLE, { ...after, destroys: true }, { events: [bytes(7)] }).content).to.deep.include({
      events: [bytes(5), bytes(7)],
      answers: [after.answer],
      destroys: true,
    });
  });

  it('stand over earlier ones: a delivery that was cancelled is not written, and one that was set again is', () => {
    const set = { deliveries: [delivery('d'), delivery('e')] };
    const { content } = gathered(set, { cancels: ['d', 'e'] }, { deliveries: [delivery('e')] });
    expect(content).to.deep.equal({ deliveries: [delivery('e')], cancels: ['d', 'e'] });
  });
});

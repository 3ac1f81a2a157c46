import { expect } from 'chai';
import type { ReferenceReader } from '../../lib/actor/carried-reference';
import { RememberedAnswers } from '../../lib/persistence/remembered-answers';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import type { Turn } from '../../lib/turns/turn';

const turn = { request: { method: 'pay', args: [1], target: { path: 'shop/Cart/1' } } } as unknown as Turn;

describe('The answers that an activation remembers', () => {
  let now: number;
  let answers: RememberedAnswers;

  const begin = (key: string) => answers.recall(key, turn);
  const end = (key: string): void => {
    answers.remember(key, { value: key });
    answers.end(key);
  };

  beforeEach(() => {
    now = 1_000;
    answers = new RememberedAnswers('shop/Cart/1', {} as ReferenceReader, {
      ...{ storage: new MemoryStorage(() => now), serializer: new JsonSerializer(), time: { now: () => now } as never },
      options: { answerWindowMs: 60_000, keptAnswers: 2 },
    });
    answers.claimed(0);
  });

  it('are those of the calls that ended last, though others have begun after them', async () => {
    await begin('long');
    answers.remember('long', 'begun');
    await begin('short');
    end('short');
    end('long');
    await begin('last');
    end('last');
    expect([await begin('long'), await begin('last')]).to.deep.equal([{ value: 'long' }, { value: 'last' }]);
    expect(await begin('short'), 'the oldest').to.equal(undefined);
  });

  it('are forgotten when they are past their window, the oldest first', async () => {
    await begin('a');
    end('a');
    now += 60_000;
    await begin('b');
    end('b');
    expect(await begin('a'), 'at the end of the window').to.deep.equal({ value: 'a' });
    now += 1;
    await begin('c');
    end('c');
    expect(await begin('a')).to.equal(undefined);
    expect(await begin('b')).to.deep.equal({ value: 'b' });
  });
});

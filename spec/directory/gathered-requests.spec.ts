import { expect } from 'chai';
import { GatheredRequests } from '../../lib/directory/gathered-requests';

describe('Questions that are gathered', () => {
  let asked: string[];
  let gathered: GatheredRequests<number, number>;

  beforeEach(() => {
    asked = [];
    gathered = new GatheredRequests({
      tasks: { defer: (callback) => void setImmediate(callback) },
      most: 3,
      ask: async (address, questions) => {
        asked.push(`${address} ${questions.join()}`);
        if (questions.includes(13)) throw new Error('no');
        return questions.map((question) => question * 10);
      },
    });
  });

  const all = (address: string, questions: readonly number[]) =>
    Promise.all(questions.map((question) => gathered.ask(address, question)));

  it('go together to each address, each once, and no more of them in one request than fit into it', async () => {
    const [here, there] = await Promise.all([all('a', [1, 2, 3, 4, 5, 6, 7]), all('b', [8])]);
    expect(asked).to.deep.equal(['a 1,2,3', 'a 4,5,6', 'a 7', 'b 8']);
    expect([here, there]).to.deep.equal([[10, 20, 30, 40, 50, 60, 70], [80]]);
    expect(await all('a', [9])).to.deep.equal([90]);
  });

  it('fail with their request, and not with another one', async () => {
    const ends = await Promise.allSettled([1, 2, 13, 4].map((question) => gathered.ask('a', question)));
    expect(ends.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'rejected', 'fulfilled']);
  });
});

import { expect } from 'chai';
import { LedgerError, parseLedger } from './ledger';

const HEADER = 'id,from,to,amount';

function errorOf(text: string): string {
  try {
    parseLedger(text, 'my.csv');
  } catch (error) {
    expect(error).to.be.instanceOf(LedgerError);
    return (error as LedgerError).message;
  }
  throw new Error('the ledger was accepted');
}

describe('A ledger', () => {
  it('is read line by line, whatever its line ends, quotes and empty lines', () => {
    const transfers = parseLedger(`\uFEFF${HEADER}\r\nt1,alice,bob,5\r\n\r\n"t2", carol ,"d,ave",70\r\n`, 'my.csv');
    expect(transfers).to.deep.equal([
      { id: 't1', from: 'alice', to: 'bob', amount: 5 },
      { id: 't2', from: 'carol', to: 'd,ave', amount: 70 },
    ]);
  });

  const mistakes: Record<string, [text: string, place: string, found: string]> = {
    'a heading that is another': ['id,from,to,sum\n', 'line 1, column 4 (amount)', "found 'sum'"],
    'an amount that is no number': [`${HEADER}\nt1,a,b,5\nt2,a,b,five\n`, 'line 3, column 4 (amount)', "found 'five'"],
    'an amount of zero': [`${HEADER}\nt1,a,b,0\n`, 'line 2, column 4 (amount)', "found '0'"],
    'a negative amount': [`${HEADER}\nt1,a,b,-5\n`, 'line 2, column 4 (amount)', "found '-5'"],
    'a broken amount': [`${HEADER}\nt1,a,b,1.5\n`, 'line 2, column 4 (amount)', "found '1.5'"],
    'an amount beyond what numbers can count': [
      `${HEADER}\nt1,a,b,9007199254740993\n`,
      'line 2, column 4 (amount)',
      'found',
    ],
    'a line that is too short': [`${HEADER}\nt1,a,b\n`, 'line 2, column 4 (amount)', 'found nothing'],
    'a line that is too long': [`${HEADER}\nt1,a,b,5,6\n`, 'line 2, column 5', "found '6'"],
    'a transfer without an id': [`${HEADER}\n,a,b,5\n`, 'line 2, column 1 (id)', 'found nothing'],
    'a transfer to the same account': [`${HEADER}\nt1,a,a,5\n`, 'line 2, column 3 (to)', "found 'a'"],
    'an id that is used twice': [`${HEADER}\nt1,a,b,5\nt1,b,a,5\n`, 'line 3, column 1 (id)', "found 't1'"],
    'a name that no account can have': [`${HEADER}\nt1,a,b\u0007,5\n`, 'line 2, column 3 (to)', 'control character'],
  };
  for (const [what, [text, place, found]] of Object.entries(mistakes)) {
    it(`is refused for ${what}, naming file, line, column and what was found`, () => {
      expect(errorOf(text)).to.contain(`my.csv, ${place}`).and.to.contain(found).and.to.contain('Nothing was played');
    });
  }

  it('is refused when it is empty or no CSV at all', () => {
    expect(errorOf('')).to.contain('my.csv').and.to.contain('empty');
    expect(errorOf(`${HEADER}\n"t1,a,b,5\n`)).to.contain('my.csv');
  });
});

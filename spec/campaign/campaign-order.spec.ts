import { expect } from 'chai';
import { readOrder, repeatCommand } from './campaign-order';

describe('The order of a campaign', () => {
  it('begins with the seed of the clock unless one is given, and says how to do the same again', () => {
    const order = readOrder(['300'], 1_760_000_000);
    expect(order).to.include({ count: 300, from: 1_760_000_000, only: '' });
    expect(repeatCommand(order)).to.equal('npm run simulate:all -- 300 --from 1760000000');
    const again = readOrder(['300', '--from', '7', '--jobs', '1', '--only', 'Bank'], 1);
    expect(again).to.deep.equal({ count: 300, from: 7, jobs: 1, only: 'Bank' });
    expect(repeatCommand(again)).to.contain("--from 7 --only 'Bank'");
  });

  it('divides a time among all simulations in place of a count, and names the journal that it goes on with', () => {
    const order = readOrder(['--budget', '30', '--resume', 'journal'], 7);
    expect(order).to.include({ budgetMinutes: 30, resume: 'journal' });
    expect(repeatCommand(order)).to.equal('npm run simulate:all -- --budget 30 --from 7');
  });

  it('refuses what it does not know', () => {
    for (const args of [
      ['0'],
      ['many'],
      ['1', '2'],
      ['--from', '-1'],
      ['--jobs', '0'],
      ['--seeds', '3'],
      ['--budget', '0'],
      ['5', '--budget', '3'],
    ]) {
      expect(() => readOrder(args, 1), args.join(' ')).to.throw('npm run simulate:all');
    }
  });
});

import { expect } from 'chai';
import { AFenceHasAClaim } from '../../../../lib/simulation/invariants/ownership/a-fence-has-a-claim';
import { verdictOf, type Line } from '../history-fixture';

const claim = (epoch: number, actor = 'bank/Account/alice'): Line => ['store-claim', { epoch, actor }];
const refused = (epoch: number): Line => ['persist-refused', { epoch, activation: 'a' }];

describe('A fence has a claim', () => {
  it('holds when the state was claimed after the activation that is refused', () => {
    expect(verdictOf(new AFenceHasAClaim(), [claim(1), claim(2), refused(1)])).to.equal(undefined);
  });

  it('is broken by a refusal without one, of the same state', () => {
    expect(verdictOf(new AFenceHasAClaim(), [claim(1), refused(1)])).to.contain(
      'nobody has claimed the state since epoch 1',
    );
    expect(verdictOf(new AFenceHasAClaim(), [claim(1), claim(2, 'bank/Account/bob'), refused(1)])).to.contain(
      'the activation a',
    );
  });

  it('ends the activation: no turn of it begins after that, but for one that it may be waiting for', () => {
    const turn = (activation: string, mode = 'alone'): Line => ['turn-start', { activation, mode }];
    const before: readonly Line[] = [claim(1), turn('a'), claim(2), refused(1)];
    expect(verdictOf(new AFenceHasAClaim(), [...before, turn('b'), turn('a', 'interleaved')])).to.equal(undefined);
    expect(verdictOf(new AFenceHasAClaim(), [...before, turn('a')])).to.contain('began after its write was refused');
  });
});

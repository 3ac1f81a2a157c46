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
});

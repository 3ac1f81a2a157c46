import type { StateStorage } from '../storage/state-storage';
import { ANSWER_PROMISES } from './answer-promises';
import { CLAIM_PROMISES } from './claim-promises';
import { COMMIT_PROMISES } from './commit-promises';
import type { Contract } from './contract';
import { DELIVERY_PROMISES } from './delivery-promises';
import { JOURNAL_PROMISES } from './journal-promises';
import { LISTING_PROMISES } from './listing-promises';
import { SETTLEMENT_PROMISES } from './settlement-promises';
import { TEXT_PROMISES } from './text-promises';

/** What every {@link StateStorage} promises: it alone decides which activation may write, and it writes all of a commit or nothing. */
export const stateStorageContract: Contract<StateStorage> = {
  name: 'a state storage',
  promises: [
    ...CLAIM_PROMISES,
    ...COMMIT_PROMISES,
    ...ANSWER_PROMISES,
    ...JOURNAL_PROMISES,
    ...LISTING_PROMISES,
    ...DELIVERY_PROMISES,
    ...SETTLEMENT_PROMISES,
    ...TEXT_PROMISES,
  ],
};

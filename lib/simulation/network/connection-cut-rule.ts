import type { KeyedRandom } from '../random/keyed-random';
import { PASS, type Transfer, type TransferRule, type Verdict } from './transfer-rule';

/** Connections that break in the middle, each transfer with the same small probability. */
export class ConnectionCutRule implements TransferRule {
  readonly name = 'cut';
  isEnabled = true;

  constructor(
    private readonly random: KeyedRandom,
    private readonly probability: number,
  ) {}

  onSend(transfer: Transfer): Verdict {
    if (!this.isEnabled || transfer.kind !== 'data') return PASS;
    return this.random.rolls('cut', `${transfer.from}>${transfer.to}`).happens(this.probability) ? { kind: 'cut' } : PASS;
  }
}

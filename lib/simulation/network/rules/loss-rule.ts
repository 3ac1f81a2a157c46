import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

/** How long a sender waits for the first sign that something arrived before it sends it again, and how often it doubles that, as TCP does. */
const FIRST_RETRANSMISSION_MS = 200;
const MOST_DOUBLINGS = 6;

/** Loses a delivery now and then: it is sent again after a while that doubles with each loss, and the stream stalls until then. */
export class LossRule implements NetworkRule {
  readonly name = 'loss';
  readonly stages: readonly TransferStage[] = ['departure'];

  /** @param probability for each delivery, and again for each repetition. */
  constructor(private readonly probability: number) {}

  judge({ link, kind }: Transfer): TransferVerdict | undefined {
    if (kind === 'connect' || link.isLoopback) return undefined;
    let delayMs = 0;
    for (let losses = 0; losses < MOST_DOUBLINGS && link.rolls(this.name).strikes(this.probability); losses++) {
      delayMs += FIRST_RETRANSMISSION_MS * 2 ** losses;
    }
    return delayMs === 0 ? undefined : { kind: 'delay', delayMs };
  }
}

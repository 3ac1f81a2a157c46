import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

/** Requests to connect that come to nothing, on the links that are prone to it, half of all. Probabilities are 0 to 1. */
export interface ConnectFaults {
  /** For each request: it is refused although somebody listens. */
  readonly refusedProbability: number;
  /** For each request that is not: it is never answered. */
  readonly hangsProbability: number;
}

const REFUSE: TransferVerdict = { kind: 'refuse' };
const LOSE: TransferVerdict = { kind: 'lose' };

/** Lets a request to connect be refused or hang now and then. */
export class ConnectFaultRule implements NetworkRule {
  readonly name = 'connect-fault';
  readonly stages: readonly TransferStage[] = ['departure'];

  constructor(private readonly faults: ConnectFaults) {}

  judge({ link, kind }: Transfer): TransferVerdict | undefined {
    if (kind !== 'connect' || link.isStable || !link.isProneTo(this.name)) return undefined;
    if (link.rolls('connect-refused').strikes(this.faults.refusedProbability)) return REFUSE;
    return link.rolls('connect-hangs').strikes(this.faults.hangsProbability) ? LOSE : undefined;
  }
}

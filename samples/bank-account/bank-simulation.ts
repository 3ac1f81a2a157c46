import { Invariant, SimulationTest, type ClusterView, type SimulatedCluster } from 'moonpool/simulation';
import { audit, readSettled } from './audit';
import { BankAccount, Credited, Debited, entryOf, neverOverdrawn } from './bank-account';
import { PATIENCE_MS, transfer, type Teller, type Transfer } from './transfer';

const ACCOUNTS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'];
const OPENING = 100;
const TELLERS = 4;
const TRANSFERS_EACH = 12;

/** The bank on a simulated cluster: nodes crash, the network parts, the store stalls, and no money may be lost or made. */
export class BankSimulation {
  static readonly actors = [BankAccount];
  static readonly assertions = [neverOverdrawn];

  @SimulationTest(40, { nodes: 3, clients: TELLERS, chaos: 'hostile' })
  async transfersConserveMoney(cluster: SimulatedCluster): Promise<void> {
    const tellers = Array.from({ length: TELLERS }, (_, index) => tellerOf(cluster, index));
    const [first] = tellers as [Teller];
    for (const key of ACCOUNTS) await first.account(key).$with({ timeoutMs: PATIENCE_MS }).open({ balance: OPENING });

    const transfers: Transfer[] = [];
    const acknowledged = new Map<string, 'done' | 'refused'>();
    await Promise.all(
      tellers.map(async (teller, index) => {
        for (let count = 0; count < TRANSFERS_EACH; count++) {
          const next = drawTransfer(cluster, `t${index}-${count}`);
          transfers.push(next);
          const outcome = await transfer(teller, next);
          cluster.sometimes('a transfer is refused', outcome === 'refused');
          acknowledged.set(next.id, outcome);
          await cluster.sleep(cluster.random.below(500));
        }
      }),
    );

    await cluster.quiesce();
    const accounts = await readSettled(first, ACCOUNTS, () => cluster.sleep(1_000));
    const wrong = audit(transfers, acknowledged, accounts);
    if (wrong.length > 0) throw new Error(`The audit found: ${wrong.join('; ')}`);
  }

  /** Money is in accounts or on its way between two of them, and no transfer has two effects; the store must never hold anything else. */
  @Invariant({ after: ['store-write-accepted'] })
  eachTransferIsMadeOnce(view: ClusterView): void {
    const debits = new Map<string, Debited>();
    const credits: (readonly [to: string, Credited])[] = [];
    for (const key of ACCOUNTS) {
      const seen = new Set<string>();
      for (const event of view.eventsOf<Debited | Credited>(BankAccount, key)) {
        const [id] = entryOf(event) ?? [];
        if (id === undefined) continue;
        if (seen.has(id)) throw new Error(`${key} has the transfer ${id} twice`);
        seen.add(id);
        if (event instanceof Debited) debits.set(id, event);
        if (event instanceof Credited) credits.push([key, event]);
      }
    }
    for (const [to, { transfer: id, amount }] of credits) {
      const debit = debits.get(id);
      if (debit?.to !== to || debit.amount !== amount)
        throw new Error(`${to} was credited ${amount} by ${id}, and debited was ${debit?.amount} for ${debit?.to}`);
    }
  }
}

function tellerOf(cluster: SimulatedCluster, client: number): Teller {
  return { account: (key) => cluster.client(client).actor(BankAccount, key) };
}

function drawTransfer(cluster: SimulatedCluster, id: string): Transfer {
  const from = cluster.random.below(ACCOUNTS.length);
  const to = (from + 1 + cluster.random.below(ACCOUNTS.length - 1)) % ACCOUNTS.length;
  return { id, from: ACCOUNTS[from] as string, to: ACCOUNTS[to] as string, amount: 1 + cluster.random.below(60) };
}

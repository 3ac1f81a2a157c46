import { Invariant, SimulationTest, type ClusterView, type SimulatedCluster } from 'moonpool/simulation';
import { isMoonpoolError } from 'moonpool';
import { audit, readAccount, type AuditedAccount } from './audit';
import { BankAccount, creditRepeated, debitRepeated, neverOverdrawn, type Account } from './bank-account';
import { ask, transfer, type Teller, type Transfer } from './transfer';

const ACCOUNTS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'];
const OPENING = 100;
const TELLERS = 4;
const TRANSFERS_EACH = 12;

/** The bank on a simulated cluster: nodes crash, the network parts, the store stalls, and no money may be lost or made. */
export class BankSimulation {
  static readonly actors = [BankAccount];
  static readonly assertions = [neverOverdrawn, debitRepeated, creditRepeated];

  @SimulationTest(100, { nodes: 3, clients: TELLERS, chaos: 'hostile' })
  async transfersConserveMoney(cluster: SimulatedCluster): Promise<void> {
    const tellers = Array.from({ length: TELLERS }, (_, index) => tellerOf(cluster, index));
    for (const key of ACCOUNTS)
      await ask(tellers[0] as Teller, () => (tellers[0] as Teller).account(key).open({ balance: OPENING }));

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
    const accounts = new Map<string, AuditedAccount>();
    for (const key of ACCOUNTS) accounts.set(key, await readAccount(tellers[0] as Teller, key));
    const wrong = audit(transfers, acknowledged, accounts);
    if (wrong.length > 0) throw new Error(`The audit found: ${wrong.join('; ')}`);
  }

  /** Money is in accounts or on its way between two of them; the store must never hold anything else. */
  @Invariant({ after: ['store-write-accepted'] })
  moneyIsConserved(view: ClusterView): void {
    let total = 0;
    const debits = new Map<string, number>();
    const states = ACCOUNTS.map((key) => view.stateOf<Account>(BankAccount, key)).filter(
      (state) => state !== undefined,
    );
    for (const state of states) {
      total += state.balance - state.opening;
      for (const [id, entry] of state.entries) if (entry.kind === 'debit') debits.set(id, entry.amount);
    }
    for (const state of states) {
      for (const [id, entry] of state.entries) if (entry.kind === 'credit') debits.delete(id);
    }
    const onTheWay = [...debits.values()].reduce((sum, amount) => sum + amount, 0);
    if (total + onTheWay !== 0) throw new Error(`the accounts changed by ${total} while ${onTheWay} is on its way`);
  }
}

function tellerOf(cluster: SimulatedCluster, client: number): Teller {
  return {
    account: (key) => cluster.client(client).actor(BankAccount, key),
    onRetry: (error) => {
      cluster.sometimes(
        'an attempt is repeated that may have been executed',
        isMoonpoolError(error) && error.executed !== 'no',
      );
      cluster.sometimes(
        'an attempt is repeated that was not executed',
        isMoonpoolError(error) && error.executed === 'no',
      );
      cluster.sometimes('a write is refused because a newer activation exists', isMoonpoolError(error, 'STATE_FENCED'));
    },
  };
}

function drawTransfer(cluster: SimulatedCluster, id: string): Transfer {
  const from = cluster.random.below(ACCOUNTS.length);
  const to = (from + 1 + cluster.random.below(ACCOUNTS.length - 1)) % ACCOUNTS.length;
  return { id, from: ACCOUNTS[from] as string, to: ACCOUNTS[to] as string, amount: 1 + cluster.random.below(60) };
}

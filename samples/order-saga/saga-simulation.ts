import { retry } from 'moonpool';
import { Invariant, SimulationTest, type ClusterView, type SimulatedCluster } from 'moonpool/simulation';
import { EXPIRES_AFTER_MS, Order, Stock, Wallet, type OrderRequest, type OrderStatus } from './order-saga';

const ITEMS = ['tea', 'cake'];
const CUSTOMERS = ['ada', 'bob', 'slow'];
const IN_STOCK = 20;
const MONEY = 100;
const ORDERS_EACH = 5;
/** Longer than an order waits. */
const SLOW_MS = 1.5 * EXPIRES_AFTER_MS;
const ENDS: ReadonlySet<OrderStatus> = new Set<OrderStatus>(['done', 'rejected', 'unpaid', 'expired']);
const PATIENCE = { timeoutMs: 600_000 };

/** Orders on a cluster whose nodes crash: each comes to an end, and what belongs to none of them is where it was. */
export class SagaSimulation {
  static readonly actors = [Order, Stock, Wallet];
  private readonly orders = new Map<string, OrderRequest>();

  @SimulationTest(20, { nodes: 3, clients: 2, chaos: 'hostile' })
  async everyOrderComesToAnEnd(cluster: SimulatedCluster): Promise<void> {
    const [first] = [cluster.client(0)];
    for (const item of ITEMS) await first.actor(Stock, item).$with(PATIENCE).fill(IN_STOCK);
    for (const customer of CUSTOMERS)
      await first
        .actor(Wallet, customer)
        .$with(PATIENCE)
        .open(MONEY, customer === 'slow' ? SLOW_MS : 0);
    await Promise.all([0, 1].map((client) => this.placeOrders(cluster, client)));
    await cluster.sleep(SLOW_MS);
    await cluster.quiesce();

    const ended = new Map<string, OrderStatus>();
    for (const id of this.orders.keys()) ended.set(id, await this.endOf(cluster, id));
    for (const status of ENDS) cluster.sometimes(`an order ends as ${status}`, [...ended.values()].includes(status));
    for (let round = 0; ; round++) {
      const wrong = await this.whatIsMissing(cluster, ended);
      if (wrong === undefined) return;
      if (round === 60) throw new Error(wrong);
      await cluster.sleep(1_000);
    }
  }

  /** Nobody can take what is not there. */
  @Invariant({ after: ['store-write-accepted'] })
  nothingIsBelowNothing(view: ClusterView): void {
    for (const item of ITEMS)
      if ((view.stateOf<{ left: number }>(Stock, item)?.left ?? 0) < 0) throw new Error(`${item} is below nothing`);
    for (const customer of CUSTOMERS)
      if ((view.stateOf<{ balance: number }>(Wallet, customer)?.balance ?? 0) < 0)
        throw new Error(`${customer} is overdrawn`);
  }

  private async placeOrders(cluster: SimulatedCluster, client: number): Promise<void> {
    for (let count = 0; count < ORDERS_EACH; count++) {
      const id = `order-${client}-${count}`;
      const request = {
        item: ITEMS[cluster.random.below(ITEMS.length)] as string,
        quantity: 1 + cluster.random.below(6),
        customer: CUSTOMERS[cluster.random.below(CUSTOMERS.length)] as string,
        amount: 5 + cluster.random.below(45),
      };
      this.orders.set(id, request);
      await cluster
        .client(client)
        .actor(Order, id)
        .$with({ ...PATIENCE, idempotencyKey: id })
        .place(request);
      await cluster.sleep(cluster.random.below(2_000));
    }
  }

  private async endOf(cluster: SimulatedCluster, id: string): Promise<OrderStatus> {
    for (let round = 0; ; round++) {
      const status = await retry(() => cluster.client(0).actor(Order, id).status(), { deadlineMs: 600_000 });
      if (ENDS.has(status)) return status;
      if (round === 120) throw new Error(`${id} is still ${status}`);
      await cluster.sleep(1_000);
    }
  }

  /** What is neither in stock nor with an order that is done, nor in a wallet; undefined when all is there. */
  private async whatIsMissing(
    cluster: SimulatedCluster,
    ended: ReadonlyMap<string, OrderStatus>,
  ): Promise<string | undefined> {
    const done = [...this.orders].filter(([id]) => ended.get(id) === 'done').map(([, request]) => request);
    const sum = (of: readonly number[]): number => of.reduce((total, each) => total + each, 0);
    for (const item of ITEMS) {
      const left = await retry(() => cluster.client(0).actor(Stock, item).left(), { deadlineMs: 600_000 });
      const sold = sum(done.filter((order) => order.item === item).map(({ quantity }) => quantity));
      if (left + sold !== IN_STOCK) return `of ${item} ${left} are left and ${sold} were sold; there were ${IN_STOCK}`;
    }
    for (const customer of CUSTOMERS) {
      const has = await retry(() => cluster.client(0).actor(Wallet, customer).balance(), { deadlineMs: 600_000 });
      const paid = sum(done.filter((order) => order.customer === customer).map(({ amount }) => amount));
      if (has + paid !== MONEY) return `${customer} has ${has} and has paid ${paid}; there were ${MONEY}`;
    }
    return undefined;
  }
}

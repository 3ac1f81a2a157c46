import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { Ticker, Trader } from './market-ticker';

const TRADERS = Array.from({ length: 6 }, (_, at) => `trader ${at + 1}`);
const MOVES = 10;

/** The market on a simulated cluster: every trader sees the last price, and none that was never made. */
export class MarketSimulation {
  static readonly actors = [Ticker, Trader];

  @SimulationTest(40, { nodes: 2, chaos: 'calm' })
  async everyTraderSeesTheMarket(cluster: SimulatedCluster): Promise<void> {
    const ticker = cluster.client().actor(Ticker, 'ACME');
    for (const trader of TRADERS) await ticker.subscribe(trader);
    const made = new Map<number, number>();
    for (let move = 0; move < MOVES; move++) {
      const quote = await ticker.move(cluster.random.below(200) - 100);
      made.set(quote.number, quote.cents);
    }
    await cluster.sleep(1_000);
    const reports = await Promise.all(TRADERS.map((trader) => cluster.client().actor(Trader, trader).report()));
    for (const { latest, seen } of reports) {
      if (latest?.number !== MOVES || seen !== MOVES)
        throw new Error(`a trader saw ${seen} of ${MOVES} prices, the last is ${latest?.number}`);
      if (made.get(latest.number) !== latest.cents)
        throw new Error(`a trader saw a price that was never made: ${latest.cents}`);
    }
    cluster.sometimes(
      'a trader shares the object of the producer',
      reports.some(({ shared }) => shared > 0),
    );
    cluster.sometimes(
      'a trader lives on another node than the producer',
      reports.some(({ shared }) => shared === 0),
    );
  }
}

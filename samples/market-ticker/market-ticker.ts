import { Actor, ActorContext, Handler, inject } from 'moonpool';

/** A price of a moment. It is shared: whoever gets it in the producer's own process gets the very same frozen object. */
export interface Quote {
  readonly symbol: string;
  /** Counts the quotes of the symbol. */
  readonly number: number;
  readonly cents: number;
}

/** Watches one symbol. Quotes come one-way; one that is older than what it has seen is no news. */
@Actor({ name: 'Trader' })
export class Trader {
  private latest: Quote | undefined;
  private seen = 0;
  private shared = 0;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ share: true }) async watch(quote: Quote): Promise<void> {
    if (quote.number <= (this.latest?.number ?? 0)) return;
    this.latest = quote;
    this.seen++;
    // A copy is the receiver's own; what was not copied is frozen, so that nobody changes what all others hold.
    if (Object.isFrozen(quote)) this.shared++;
  }

  @Handler() async report(): Promise<{
    readonly node: string;
    readonly seen: number;
    readonly shared: number;
    readonly latest: Quote | undefined;
  }> {
    const { seen, shared, latest } = this;
    return { node: this.context.node.name, seen, shared, latest };
  }
}

/** Makes the prices of one symbol, and tells each of its traders. */
@Actor({ name: 'Ticker' })
export class Ticker {
  private number = 0;
  private cents = 10_000;
  private readonly traders = new Set<string>();

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /** The first call of a trader places it: before there are prices, so that none waits for that. */
  @Handler() async subscribe(trader: string): Promise<void> {
    await this.context.actor(Trader, trader).report();
    this.traders.add(trader);
  }

  /** Changes the price by so much and tells everybody: one object, however many there are. */
  @Handler() async move(byCents: number): Promise<Quote> {
    this.cents += byCents;
    const quote: Quote = Object.freeze({ symbol: this.context.key, number: ++this.number, cents: this.cents });
    for (const trader of this.traders) this.context.actor(Trader, trader).$send.watch(quote);
    return quote;
  }
}

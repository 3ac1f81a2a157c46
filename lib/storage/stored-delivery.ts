/** When something is due, by the store's clock: so many milliseconds after it was written, or at a moment in milliseconds since 1970. */
export type Due = { readonly inMs: number } | { readonly at: number };

/** A message that must arrive. */
export interface NewDelivery {
  /** Unique in the store. */
  readonly id: string;
  /** The path of the actor that it is for. */
  readonly target: string;
  /** Where the target stands on the ring: a whole number of 32 bits. */
  readonly slot: number;
  readonly due: Due;
  readonly data: Uint8Array;
}

/** A message as the store keeps it. */
export interface StoredDelivery {
  readonly id: string;
  readonly target: string;
  /** In milliseconds since 1970; undefined when it is not tried any more until somebody says so: a dead letter. */
  readonly dueAt: number | undefined;
  /** Changes with every write of it. */
  readonly version: number;
  readonly data: Uint8Array;
}

/** A part of the ring of 32 bits: from one slot to before another. */
export interface DeliveryRange {
  readonly from: number;
  readonly to: number;
}

/** What is due in a part of the ring. */
export interface DeliveriesDue {
  readonly deliveries: readonly StoredDelivery[];
  /** The time of the store, in milliseconds since 1970. */
  readonly now: number;
  /** When the next one will be due that is not yet; undefined when there is none. */
  readonly nextAt: number | undefined;
}

/** What becomes of a delivery that was read. */
export interface Settlement {
  readonly id: string;
  /** As it was read. */
  readonly version: number;
  /** How it goes on; undefined: it was made, and is gone. */
  readonly next?: NextDelivery | undefined;
}

/** A delivery that is to be made again. */
export interface NextDelivery {
  /** 'never': it is a dead letter. */
  readonly due: Due | 'never';
  readonly data: Uint8Array;
}

/** Which deliveries are asked for. */
export interface DeliveryQuery {
  /** The path of the actor that they are for; anybody's by default. */
  readonly target?: string;
  /** Those that are not tried any more. */
  readonly onlyDead?: true;
  /** The id behind which the page begins; at the first one by default. */
  readonly after?: string;
  /** How many at most. */
  readonly limit: number;
}

/** Some of the deliveries. */
export interface DeliveryPage {
  readonly deliveries: readonly StoredDelivery[];
  /** There are none behind them. */
  readonly isLast: boolean;
}

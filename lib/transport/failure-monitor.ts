import type { TimeProvider } from '../providers/time-provider';

/** `unknown`: never tried. `answers`: there is a connection and it lives. `fails`: it was lost, or none could be made. */
export type AddressHealth = 'unknown' | 'answers' | 'fails';

/** What is known of an address. */
export interface AddressStatus {
  readonly health: AddressHealth;
  /** For how long it has been so, in milliseconds; 0 when nothing is known. */
  readonly forMs: number;
}

/** Learns when the health of an address has changed. */
export type HealthListener = (address: string, health: AddressHealth) => void;

/**
 * Tells who answers lately, by the connections that this node has dialled: after the failure monitor of FoundationDB. It
 * asks nobody by itself and decides nothing: the cluster alone declares nodes dead.
 */
export class FailureMonitor {
  private readonly known = new Map<string, { health: AddressHealth; since: number }>();
  private readonly listeners = new Set<HealthListener>();

  constructor(private readonly time: TimeProvider) {}

  statusOf(address: string): AddressStatus {
    const known = this.known.get(address);
    return known === undefined
      ? { health: 'unknown', forMs: 0 }
      : { health: known.health, forMs: this.time.now() - known.since };
  }

  /** Tells every change from now on. Returns what ends it. */
  subscribe(listener: HealthListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Notes what was seen; nobody learns what is known already. */
  note(address: string, health: 'answers' | 'fails'): void {
    if (this.known.get(address)?.health === health) return;
    this.known.set(address, { health, since: this.time.now() });
    this.tell(address, health);
  }

  /** This process stood still for so long, and tried to reach nobody. */
  excuse(standstillMs: number): void {
    for (const known of this.known.values())
      if (known.health === 'fails') known.since = Math.min(known.since + standstillMs, this.time.now());
  }

  /** Nothing is known of the address any more: its peer was forgotten. */
  forget(address: string): void {
    if (this.known.delete(address)) this.tell(address, 'unknown');
  }

  private tell(address: string, health: AddressHealth): void {
    for (const listener of [...this.listeners]) listener(address, health);
  }
}

import type { SimulationEngine } from '../engine/simulation-engine';
import { NetworkLink } from './network-link';
import type { NetworkRule, Transfer } from './transfer';

/** Something that is held by a rule, until rules change. */
export interface Stalled {
  readonly link: NetworkLink;
  /** Sets off again after the delay. */
  retry(delayMs: number): void;
}

/** What all rules together say of a transfer. */
export interface Judgement {
  readonly delayMs: number;
  readonly hold: boolean;
  readonly cut: boolean;
  /** How many bytes arrive now; undefined for all of them. */
  readonly splitAt: number | undefined;
}

/** A sender whose segments were lost tries again at growing intervals; after a repair it takes up to this long. */
const LONGEST_RETRANSMISSION_MS = 200;

/** The rules of a network, what they hold at present, and the links that they are asked about. */
export class NetworkConditions {
  private readonly rules: NetworkRule[] = [];
  private readonly links = new Map<string, Map<string, NetworkLink>>();
  private readonly held = new Set<Stalled>();

  constructor(readonly engine: SimulationEngine) {}

  addRule(rule: NetworkRule): void {
    this.rules.push(rule);
  }

  /** The way from one machine to another, by their names. */
  link(from: string, to: string): NetworkLink {
    let ways = this.links.get(from);
    if (ways === undefined) this.links.set(from, (ways = new Map()));
    let link = ways.get(to);
    if (link === undefined) ways.set(to, (link = new NetworkLink(from, to, this.engine.rolls)));
    return link;
  }

  /** Asks every rule. Delays add up; one cut, or one hold, is enough. */
  judge(transfer: Transfer): Judgement {
    let delayMs = 0;
    let hold = false;
    let cut = false;
    let splitAt: number | undefined;
    for (const rule of this.rules) {
      const verdict = rule.judge(transfer);
      if (verdict === undefined) continue;
      if (verdict.kind === 'delay') delayMs += verdict.delayMs;
      else if (verdict.kind === 'hold') hold = true;
      else if (verdict.kind === 'split') splitAt = Math.min(verdict.bytes, splitAt ?? verdict.bytes);
      else cut = true;
    }
    return { delayMs, hold, cut, splitAt };
  }

  /** Keeps what is held until rules change. */
  hold(stalled: Stalled): void {
    this.held.add(stalled);
  }

  forget(stalled: Stalled): void {
    this.held.delete(stalled);
  }

  /** Rules have changed or a machine has power again: everything that is held tries again. */
  reconsider(): void {
    const waiting = [...this.held];
    this.held.clear();
    for (const stalled of waiting) stalled.retry(stalled.link.rolls('retransmission').between(0, LONGEST_RETRANSMISSION_MS));
  }

  /** The links on which something is held. */
  heldLinks(): readonly string[] {
    return [...new Set([...this.held].map((stalled) => stalled.link.name))];
  }
}

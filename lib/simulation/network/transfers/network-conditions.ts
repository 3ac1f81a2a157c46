import type { SimulationEngine } from '../../engine/simulation-engine';
import { NetworkLink } from './network-link';
import type { Ending, NetworkRule, Transfer, TransferStage } from './transfer';

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
  /** How many bytes leave or arrive now; undefined for all of them. */
  readonly splitAt: number | undefined;
  /** The bits that are flipped; undefined when it is sound. */
  readonly flippedBits: readonly number[] | undefined;
  /** How the connection ends before its time; undefined when it goes on. */
  readonly ending: Ending | undefined;
}

const PASSES: Judgement = { delayMs: 0, hold: false, splitAt: undefined, flippedBits: undefined, ending: undefined };
const HOLDS: Judgement = { ...PASSES, hold: true };

/** A sender whose segments were lost tries again at growing intervals; after a repair it takes up to this long. */
const LONGEST_RETRANSMISSION_MS = 200;

/** The rules of a network, what they hold at present, and the links that they are asked about. */
export class NetworkConditions {
  private readonly rules: NetworkRule[] = [];
  private readonly faults: NetworkRule[] = [];
  private departures: readonly NetworkRule[] = [];
  private arrivals: readonly NetworkRule[] = [];
  private readonly links = new Map<string, Map<string, NetworkLink>>();
  private readonly held = new Set<Stalled>();
  private isFaulty = false;

  constructor(readonly engine: SimulationEngine) {}

  /** A rule that always stands. */
  addRule(rule: NetworkRule): void {
    this.rules.push(rule);
    this.sort();
  }

  /** A rule that strikes by chance, and only while {@link setFaulty} lets it. */
  addFault(rule: NetworkRule): void {
    this.faults.push(rule);
    this.sort();
  }

  /** Lets faults strike from now on, or no more; what they have damaged stays damaged. */
  setFaulty(isFaulty: boolean): void {
    this.isFaulty = isFaulty;
    this.sort();
  }

  /** The way from one machine to another, by their names. */
  link(from: string, to: string): NetworkLink {
    let ways = this.links.get(from);
    if (ways === undefined) this.links.set(from, (ways = new Map()));
    let link = ways.get(to);
    if (link === undefined) ways.set(to, (link = new NetworkLink(from, to, this.engine.rolls)));
    return link;
  }

  /** How long a transfer on the link takes at least, in milliseconds. */
  leastDelayMs(link: NetworkLink): number {
    return this.rules.reduce((sum, rule) => sum + (rule.leastDelayMs?.(link) ?? 0), 0);
  }

  /** Asks the rules in their order. Delays of a departure add up; an arrival that is put off is judged again then. */
  judge(transfer: Transfer): Judgement {
    const { stage } = transfer;
    let delayMs = 0;
    let splitAt: number | undefined;
    let flippedBits: readonly number[] | undefined;
    let ending: Ending | undefined;
    let hasPassed = true;
    for (const rule of stage === 'departure' ? this.departures : this.arrivals) {
      const verdict = rule.judge(transfer);
      if (verdict === undefined) continue;
      hasPassed = false;
      if (verdict.kind === 'delay') {
        delayMs += verdict.delayMs;
        if (stage === 'arrival') break;
      } else if (verdict.kind === 'hold') return HOLDS;
      else if (verdict.kind === 'split') splitAt = Math.min(verdict.bytes, splitAt ?? verdict.bytes);
      else if (verdict.kind === 'corrupt') flippedBits = verdict.bits;
      else ending ??= verdict;
    }
    return hasPassed ? PASSES : { delayMs, hold: false, splitAt, flippedBits, ending };
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
    for (const stalled of waiting)
      stalled.retry(stalled.link.rolls('retransmission').between(0, LONGEST_RETRANSMISSION_MS));
  }

  /** The links on which something is held. */
  heldLinks(): readonly string[] {
    return [...new Set([...this.held].map((stalled) => stalled.link.name))];
  }

  private sort(): void {
    const present = this.isFaulty ? [...this.rules, ...this.faults] : this.rules;
    const at = (stage: TransferStage) => present.filter(({ stages }) => stages.includes(stage));
    this.departures = at('departure');
    this.arrivals = at('arrival');
  }
}

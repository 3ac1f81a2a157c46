import type { ObservedRun, RunObserver } from '../../observation/run-observer';
import type { TimelineEvent } from '../../timeline/timeline';
import type { WireSide, WireTap } from '../../network/wire-tap';
import { WireFlow, type PairAccount, type WireMessage } from './wire-flow';

/**
 * No message is made of nothing, doubled, or lost without a trace. Looking at the wire alone:
 * - in transit: no stream gives more than was written to it, and one that ends in order has given all;
 * - correlation: an answer goes to a request that has arrived on the same connection, and is the only one;
 * - accounting by pair: of two machines, the one has received no more requests than the other sent, and answered no more;
 * - conservation: when an answer has arrived whole, the call that waited for it is over;
 * - loss: when a process learns that a connection has ended, the calls are over whose requests it carried and whose answers have not come,
 *   unless the other side has said farewell.
 */
export class MessageConservation implements WireTap, RunObserver {
  private readonly flows = new WeakMap<WireSide, WireFlow>();
  /** What went between two machines, by `caller>callee`. */
  private readonly accounts = new Map<string, PairAccount>();
  /** The calls that wait, by life and correlation. */
  private readonly open = new Set<string>();
  /** Calls whose answer has just arrived. */
  private expected: string[] = [];
  /** Calls whose connection has just ended. */
  private lost: string[] = [];

  /** @param fail called with what is wrong. */
  constructor(private readonly fail: (wrong: string) => void) {}

  attach({ engine, network }: ObservedRun): void {
    network.tap = this;
    engine.timeline.listen((event) => this.observe(event), ['call', 'call-end', 'death']);
    engine.afterEachEvent(() => this.settle());
  }

  observe({ name, node, generation, fields }: TimelineEvent): void {
    const life = `${node}.${generation}`;
    if (name === 'death') {
      for (const call of this.open) if (call.startsWith(`${life}:`)) this.open.delete(call);
      return;
    }
    const call = String(fields['call']);
    const key = `${life}:${call.slice(call.lastIndexOf(':') + 1)}`;
    if (name === 'call') this.open.add(key);
    else this.open.delete(key);
  }

  wrote(sender: WireSide, bytes: Uint8Array): void {
    const flow = this.flow(sender);
    for (const message of flow.write(bytes)) {
      if (message.kind === 'request') this.onRequest(sender, flow, message);
      else if (message.kind === 'one-way') flow.sentOneWay.add(message.correlation);
      else this.onAnswer(sender, message);
    }
  }

  taken(sender: WireSide, bytes: Uint8Array, isDamaged: boolean): void {
    const flow = this.flow(sender);
    flow.isDamaged ||= isDamaged;
    const messages = flow.take(bytes.length);
    if (flow.taken > flow.written)
      this.fail(`${flow.taken} bytes have arrived on ${placeOf(sender)}, where ${flow.written} were sent`);
    for (const { kind, correlation } of messages) {
      if (kind !== 'request' && kind !== 'one-way') this.flow(sender.other).unanswered.delete(correlation);
      if (kind === 'request') flow.account.received++;
      else if (kind === 'answer' && !flow.isDamaged)
        this.expected.push(`${sender.other.life.toString()}:${correlation}`);
    }
  }

  ended(sender: WireSide): void {
    const { taken, written, isStruck } = this.flow(sender);
    if (taken !== written && !isStruck)
      this.fail(`${placeOf(sender)} ended in order after ${taken} of ${written} bytes`);
  }

  struck(side: WireSide): void {
    this.flow(side).isStruck = true;
    this.flow(side.other).isStruck = true;
  }

  closed(side: WireSide): void {
    const { unanswered } = this.flow(side);
    // Who hears a farewell asks elsewhere, at once or when it has found where.
    if (!this.flow(side.other).hasSaidFarewell)
      for (const correlation of unanswered) this.lost.push(`${side.life.toString()}:${correlation}`);
    unanswered.clear();
  }

  /** The event is over in which answers arrived or connections ended: nobody waits for them any more. */
  settle(): void {
    if (this.expected.length === 0 && this.lost.length === 0) return;
    const { lost } = this;
    this.lost = [];
    for (const call of lost)
      if (this.open.has(call)) this.fail(`the connection of ${call} has ended, and its caller still waits`);
    const arrived = this.expected;
    this.expected = [];
    for (const call of arrived)
      if (this.open.has(call)) this.fail(`the answer to ${call} has arrived, and its caller still waits`);
  }

  private onRequest(sender: WireSide, flow: WireFlow, { correlation, endsAt }: WireMessage): void {
    if (flow.asked.has(correlation)) this.fail(`the request ${correlation} was sent twice on ${placeOf(sender)}`);
    flow.asked.set(correlation, endsAt);
    flow.unanswered.add(correlation);
    flow.account.requests++;
  }

  private onAnswer(sender: WireSide, { kind, correlation }: WireMessage): void {
    const asking = this.flow(sender.other);
    // What was sent one way may be rejected all the same: the sender learns where the actor is not.
    if (!asking.carriesPackets || (kind === 'rejection' && asking.sentOneWay.has(correlation))) return;
    const endsAt = asking.asked.get(correlation);
    if (endsAt === undefined)
      this.fail(`${placeOf(sender)} carries an answer to ${correlation}, which was not asked, or was answered before`);
    else if (endsAt > asking.taken)
      this.fail(`${placeOf(sender)} carries an answer to ${correlation}, which has not arrived yet`);
    asking.asked.delete(correlation);
    asking.account.answers++;
    const { requests, received, answers } = asking.account;
    if (received > requests || answers > received)
      this.fail(`${placeOf(sender.other)}: ${requests} requests sent, ${received} received, ${answers} answered`);
  }

  private flow(sender: WireSide): WireFlow {
    let flow = this.flows.get(sender);
    if (flow === undefined) {
      flow = new WireFlow(this.account(`${sender.host.name}>${sender.other.host.name}`));
      this.flows.set(sender, flow);
    }
    return flow;
  }

  private account(pair: string): PairAccount {
    let account = this.accounts.get(pair);
    if (account === undefined) {
      account = { requests: 0, received: 0, answers: 0 };
      this.accounts.set(pair, account);
    }
    return account;
  }
}

function placeOf({ life, other, name }: WireSide): string {
  return `the stream from ${life.toString()} to ${other.life.toString()} (${name})`;
}

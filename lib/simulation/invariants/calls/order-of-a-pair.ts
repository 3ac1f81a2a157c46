import type { TimelineEvent } from '../../timeline/timeline';
import { isOfWorkers, textField, type HistoryInvariant } from '../history/history-invariant';

/**
 * Calls of one process to one actor begin in the order in which they were made, within an activation, also those that were turned
 * away and sent again; and so do one-way messages, which have an order of their own. Gaps are allowed. Turns that may overlap others are left
 * out, and messages that a process has forwarded for another: their numbers say nothing about when they were sent. So are stateless workers: each call
 * goes to whichever of them is free, on whichever node can be reached, so two calls may overtake each other on their ways.
 */
export class OrderOfAPair implements HistoryInvariant {
  readonly name = 'order of a pair';
  readonly after = ['turn-start', 'send', 'deactivate', 'death'] as const;
  /** The number of the last call that began, by sender, by activation. */
  private readonly last = new Map<string, Map<string, number>>();
  /** One-way messages that have not begun, and whether they were forwarded for others. */
  private readonly messages = new Map<string, boolean>();
  /** The activations of each life of a node, so that they are let go of when it ends. */
  private readonly lives = new Map<string, Set<string>>();

  observe(event: TimelineEvent): string | undefined {
    const call = textField(event, 'call');
    switch (event.name) {
      case 'turn-start':
        if (isOfWorkers(textField(event, 'activation'))) {
          this.messages.delete(call);
          return undefined;
        }
        return event.fields['mode'] === 'alone' && event.fields['timer'] === undefined
          ? this.onTurn(event, call)
          : undefined;
      case 'send':
        this.messages.set(call, event.fields['forwarded'] !== undefined);
        return undefined;
      case 'deactivate':
        this.last.delete(textField(event, 'activation'));
        return undefined;
      default:
        for (const activation of this.lives.get(lifeOf(event)) ?? []) this.last.delete(activation);
        this.lives.delete(lifeOf(event));
        return undefined;
    }
  }

  private onTurn(event: TimelineEvent, call: string): string | undefined {
    const isForwarded = this.messages.get(call);
    this.messages.delete(call);
    if (isForwarded === true) return undefined;
    const at = call.lastIndexOf(':');
    const number = Number(call.slice(at + 1));
    const sender = `${isForwarded === undefined ? '' : 'messages of '}${call.slice(0, at)}`;
    const activation = textField(event, 'activation');
    let senders = this.last.get(activation);
    if (senders === undefined) {
      senders = new Map();
      this.last.set(activation, senders);
      this.lives.set(lifeOf(event), (this.lives.get(lifeOf(event)) ?? new Set()).add(activation));
    }
    const before = senders.get(sender) ?? 0;
    senders.set(sender, Math.max(before, number));
    return number > before
      ? undefined
      : `the call ${call} of ${textField(event, 'actor')} began after the later call ${sender}:${before}`;
  }
}

function lifeOf({ node, generation }: TimelineEvent): string {
  return `${node}.${generation}`;
}

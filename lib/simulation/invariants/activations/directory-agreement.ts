import { RangeSet } from '../../../directory/range-set';
import { rangeOf } from '../../../directory/ranges';
import type { TimelineEvent } from '../../timeline/timeline';
import { isOneOfSeveral, textField, type HistoryInvariant } from '../history/history-invariant';
import type { LeaseLook } from './single-activation';

/**
 * The directory and the nodes agree: the directory answers what its registrations make, and an activation that accepts a
 * turn on a node that holds its lease is the one that is registered.
 */
export class DirectoryAgreement implements HistoryInvariant {
  readonly name = 'directory agreement';
  readonly after = [
    'directory-register',
    'directory-unregister',
    'directory-range-held',
    'activate',
    'turn-start',
  ] as const;
  private readonly registered = new Map<string, string>();

  /** @param holdsLease without it, only the answers of the directory are checked. */
  constructor(private readonly holdsLease: LeaseLook = () => false) {}

  observe(event: TimelineEvent): string | undefined {
    const actor = textField(event, 'actor');
    const activation = textField(event, 'activation');
    switch (event.name) {
      case 'directory-register':
        return this.onRegister(actor, activation, event);
      case 'directory-unregister':
        if (this.registered.get(actor) === activation) this.registered.delete(actor);
        return undefined;
      case 'directory-range-held':
        this.onTakeover(event);
        return undefined;
      default:
        return this.onServing(actor, activation, event);
    }
  }

  private onRegister(actor: string, activation: string, event: TimelineEvent): string | undefined {
    const present = this.registered.get(actor);
    const isTaken = present !== undefined && present !== event.fields['replaces'];
    const expected = isTaken ? present : activation;
    this.registered.set(actor, expected);
    const answered = textField(event, 'holder');
    return answered === expected
      ? undefined
      : `the directory answered ${answered} to ${activation} of ${actor}, while ${expected} holds the registration`;
  }

  /** Another node answers for ranges from here on: what it knows is what is registered. One that goes on as before does not say what it knows. */
  private onTakeover(event: TimelineEvent): void {
    const registered = textField(event, 'registered');
    if (registered === '') return;
    const ranges = RangeSet.of(textField(event, 'ranges'));
    for (const actor of this.registered.keys()) if (ranges.has(rangeOf(actor))) this.registered.delete(actor);
    for (const [actor, activation] of JSON.parse(registered) as [string, string][])
      this.registered.set(actor, activation);
  }

  private onServing(actor: string, activation: string, { name, node, generation }: TimelineEvent): string | undefined {
    // A static actor is registered nowhere, for its node is its address; and so are an observer and a worker.
    if (actor.split('/').length < 3 || isOneOfSeveral(activation)) return undefined;
    const holder = this.registered.get(actor);
    if (holder === activation || !this.holdsLease(node, generation)) return undefined;
    const what = name === 'activate' ? 'became active' : 'began a turn';
    return `the activation ${activation} of ${actor} ${what} while the directory has ${holder ?? 'none'}`;
  }
}

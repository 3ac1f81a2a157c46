import type { TimelineEvent } from '../../timeline/timeline';
import { textField, type HistoryInvariant } from '../history/history-invariant';

/** No call goes on for so long: two further places are tried, unless somebody has set another limit. */
const MOST_HOPS = 10;
/** Nor for so long where the actor ends again and again, and each time others were there first: by chance that happens to ten in a row of some hundred thousand calls. */
const MOST_HOPS_IN_ALL = 40;

/** For so long after a one-way message calls may follow it to where it was sent. */
const UNDER_WAY_MS = 10_000;

/** What a process has learnt of an actor's place when it was rejected. */
interface Lesson {
  /** The activation that was there. */
  readonly activation: string;
  /** Since when the process must know it: one of its calls was answered by the activation. */
  knownAt: number;
}

interface MadeCall {
  readonly actor: string;
  readonly madeAt: number;
  /** Whether the process had other calls under way to the actor, which later ones follow. */
  readonly follows: boolean;
  /** How often it was rejected since the actor was activated last. */
  hops: number;
  hopsInAll: number;
  /** How often the actor had been activated when it was rejected last. */
  rejectedAfter: number;
  /** The activation that the process knew of, and that had not changed when the call was rejected all the same. */
  suspicion: string | undefined;
}

/**
 * Whoever was rejected learns where the actor is: once a call has found its way, later ones go there at once as long as the actor
 * stays. A node that was asked to activate it itself has calls wait for that, so it has to learn the place again. And no call wanders for ever.
 */
export class StaleLocationsAreLearnt implements HistoryInvariant {
  readonly name = 'stale locations are learnt';
  readonly after = [
    'call',
    'call-end',
    'call-rejected',
    'send',
    'turn-start',
    'activate',
    'deactivate',
    'directory-register',
    'death',
  ] as const;
  /** The calls of each process that have not ended, by their ids. */
  private readonly calls = new Map<string, MadeCall>();
  /** How many calls each process has under way to each actor. */
  private readonly underWay = new Map<string, number>();
  private readonly lastSentAt = new Map<string, number>();
  private readonly lessons = new Map<string, Lesson>();
  /** The nodes, each with an actor, that were about to activate it themselves since a call of theirs was rejected last; nobody sees when they were told of another activation. */
  private readonly attempts = new Set<string>();
  /** The activation of each actor, as far as there is exactly one. */
  private readonly active = new Map<string, string>();
  /** How often each actor was activated. */
  private readonly activations = new Map<string, number>();

  observe(event: TimelineEvent): string | undefined {
    switch (event.name) {
      case 'call':
        this.onCall(event);
        return undefined;
      case 'send':
        this.lastSentAt.set(routeOf(event), event.at);
        return undefined;
      case 'call-end':
        this.onEnd(event);
        return undefined;
      case 'call-rejected':
        return this.onRejected(event);
      case 'turn-start':
        return this.onTurn(event);
      case 'activate':
        this.onActivate(textField(event, 'actor'), textField(event, 'activation'));
        return undefined;
      case 'deactivate':
        if (this.active.get(textField(event, 'actor')) === textField(event, 'activation'))
          this.active.delete(textField(event, 'actor'));
        return undefined;
      case 'directory-register':
        this.onRegistration(event);
        return undefined;
      default:
        this.forget(event);
        return undefined;
    }
  }

  /** Calls of a node wait for the activation that it has asked for, wherever it knew the actor to be before, or has learnt it to be since. */
  private onRegistration(event: TimelineEvent): void {
    const activation = textField(event, 'activation');
    this.attempts.add(`${activation.slice(0, activation.indexOf('#'))} ${textField(event, 'actor')}`);
  }

  private onActivate(actor: string, activation: string): void {
    this.active.set(actor, activation);
    this.activations.set(actor, (this.activations.get(actor) ?? 0) + 1);
  }

  private onCall(event: TimelineEvent): void {
    const route = routeOf(event);
    const others = this.underWay.get(route) ?? 0;
    const follows = others > 0 || event.at - (this.lastSentAt.get(route) ?? Number.NEGATIVE_INFINITY) < UNDER_WAY_MS;
    this.underWay.set(route, others + 1);
    this.calls.set(textField(event, 'call'), {
      actor: textField(event, 'actor'),
      madeAt: event.at,
      follows,
      hops: 0,
      hopsInAll: 0,
      rejectedAfter: 0,
      suspicion: undefined,
    });
  }

  private onEnd(event: TimelineEvent): void {
    const route = routeOf(event);
    const left = (this.underWay.get(route) ?? 1) - 1;
    if (left > 0) this.underWay.set(route, left);
    else this.underWay.delete(route);
    this.calls.delete(textField(event, 'call'));
    const lesson = this.lessons.get(route);
    if (lesson === undefined || event.fields['outcome'] !== 'ok') return;
    if (this.active.get(textField(event, 'actor')) !== lesson.activation) this.lessons.delete(route);
    else lesson.knownAt = Math.min(lesson.knownAt, event.at);
  }

  private onRejected(event: TimelineEvent): string | undefined {
    const call = this.calls.get(textField(event, 'call'));
    if (call === undefined) return undefined;
    const route = routeOf(event);
    const activation = this.active.get(call.actor);
    const activations = this.activations.get(call.actor) ?? 0;
    call.hops = call.rejectedAfter === activations ? call.hops + 1 : 1;
    call.rejectedAfter = activations;
    if (call.hops > MOST_HOPS || ++call.hopsInAll > MOST_HOPS_IN_ALL)
      return `the call ${textField(event, 'call')} of ${call.actor} was rejected ${Math.max(call.hops, call.hopsInAll)} times`;
    const lesson = this.lessons.get(route);
    const hasTried = this.attempts.delete(`${event.node} ${call.actor}`);
    if (activation === undefined) this.lessons.delete(route);
    else if (lesson?.activation !== activation || hasTried)
      this.lessons.set(route, { activation, knownAt: Number.POSITIVE_INFINITY });
    else if (lesson.knownAt < call.madeAt && !call.follows) call.suspicion = activation;
    return undefined;
  }

  /** It was rejected elsewhere, and is served where the process knew the actor to be: so it had not learnt that. */
  private onTurn(event: TimelineEvent): string | undefined {
    const call = this.calls.get(textField(event, 'call'));
    if (call?.suspicion === undefined || call.suspicion !== textField(event, 'activation')) return undefined;
    return `the call ${textField(event, 'call')} of ${call.actor} was rejected before it came to ${call.suspicion}, though its process had learnt of that place from an earlier one`;
  }

  private forget({ node, generation }: TimelineEvent): void {
    const life = `${node}.${generation} `;
    for (const known of [this.underWay, this.lastSentAt, this.lessons])
      for (const route of known.keys()) if (route.startsWith(life)) known.delete(route);
    for (const attempt of this.attempts) if (attempt.startsWith(`${node} `)) this.attempts.delete(attempt);
  }
}

/** From a life of a process to an actor. */
function routeOf(event: TimelineEvent): string {
  return `${event.node}.${event.generation} ${textField(event, 'actor')}`;
}

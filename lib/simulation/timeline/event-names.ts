import { nearestName } from '../../errors/nearest-name';
import { NODE_EVENTS, type ApplicationEventName, type NodeEventName } from '../../observability/event-log';
import type { OptionKind } from '../../options/option-kind';
import { wrongOption } from '../../options/option-mistake';
import type { CommitOutcome } from '../../storage/state-commit';

/** What happens in a simulated world beside what its nodes do: machines, the network, the store, the verbs of a test, lines of logs. */
const WORLD_EVENTS = [
  'boot',
  'started',
  'start-failed',
  'terminated',
  'death',
  'pause',
  'resume',
  'clock-step',
  'clock-rate',
  'lying-sync',
  'wipe',
  'knob',
  'fault',
  'listen',
  'connected',
  'partition',
  'clog',
  'unclog',
  'cut',
  'swizzle-stop',
  'swizzle-restore',
  'heal',
  'quiesce',
  'left-out',
  'sometimes',
  'assertion-broken',
  'session-opened',
  'session-ended',
  'store-claim',
  'store-write-accepted',
  'store-write-conflict',
  'store-write-fenced',
  'store-answer',
  'store-answers-gone',
  'info',
  'warn',
  'error',
] as const satisfies readonly (string | `store-write-${CommitOutcome['kind']}`)[];

/** A name that an event of the timeline can have. Whatever happens under another does not compile, so that the list is whole. */
export type TimelineEventName = NodeEventName | ApplicationEventName | (typeof WORLD_EVENTS)[number];

const KNOWN: ReadonlySet<string> = new Set([...NODE_EVENTS, ...WORLD_EVENTS]);

/** What names of events must be, for messages. */
const WANTED =
  "the name of an event of the timeline, or one of the application's own with a colon, such as 'bank:settled'";

/** True when events of the name can happen: those of nodes and of the world are known, and an application's own have a colon. */
export function isEventName(name: unknown): name is TimelineEventName {
  return typeof name === 'string' && (KNOWN.has(name) || name.includes(':'));
}

/** The name of an event. One that never happens is refused, for whoever waits for it would look at nothing and say nothing. */
export const eventName: OptionKind<unknown> = {
  wanted: WANTED,
  admits: isEventName,
  mistakesIn: (name, place) => {
    if (isEventName(name)) return [];
    const { message } = wrongOption(place, WANTED, name);
    const meant = typeof name === 'string' ? nearestName(name, [...KNOWN]) : undefined;
    return [
      {
        message: meant === undefined ? message : `${message}; did you mean '${meant}'?`,
        remedy: `Events of nodes and of the world are ${[...KNOWN].sort().join(', ')}.`,
      },
    ];
  },
};

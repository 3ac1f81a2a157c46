import type { ActorReminders } from './actor-reminders';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import type { RefusalLog } from '../observability/refusal-log';
import type { TimeProvider } from '../providers/time-provider';
import type { NodeLoad } from '../scheduling/node-load';
import type { RunQueue } from '../scheduling/run-queue';
import type { TurnSetting } from './run-turn';
import type { TurnSubject } from './turn-subject';
import type { RunningTurns } from './running-turns';
import type { TurnCounters } from './turn-counters';

/** What turns need from their node. */
export interface TurnLoopParts {
  readonly runQueue: RunQueue;
  /** What waits on the node. */
  readonly load: Pick<NodeLoad, 'waiting'>;
  readonly time: TimeProvider;
  /** Learns what was dropped. */
  readonly refusals: RefusalLog;
  readonly running: RunningTurns;
  readonly turnCounters: TurnCounters;
  readonly setting: TurnSetting;
  /** True while this node may admit turns. */
  readonly mayServe: () => boolean;
}

/** The activation whose turns a loop runs. */
export interface TurnLoopOwner extends TurnSubject {
  readonly descriptor: ActorDescriptor;
  /** The actor itself; undefined until it is active. */
  readonly instance: object | undefined;
  /** True while turns may begin. */
  readonly isActive: boolean;
  /** True when only those turns may begin that others under way wait for. */
  readonly isEnding: boolean;
  /** Its reminders, which come as calls; undefined where there can be none. */
  readonly reminders?: ActorReminders;
  /** The node must not serve at present. */
  onUnserved(): void;
  /** No turn is under way, and none will begin unless a request comes. */
  onQuiet(): void;
}

import { nearestName } from '../errors/nearest-name';
import type { TimelineEvent } from '../simulation/timeline/timeline';

/** Events of the world that matter to an actor wherever it is. */
const OF_THE_WORLD: ReadonlySet<string> = new Set([
  'death',
  'boot',
  'started',
  'partition',
  'heal',
  'quiesce',
  'member-dead',
  'lease-lost',
  'sometimes',
  'swizzle-stop',
  'swizzle-restore',
  'pause',
  'resume',
]);

/** Chooses the events of one actor: its own, the ends and beginnings of processes, and the faults of the machines where it is. */
export class ActorFilter {
  /** The machines on which it has been activated. */
  private readonly machines = new Set<string>();
  private readonly others = new Set<string>();
  private isSeen = false;

  /** @param wanted `Type/key`, or `namespace/Type/key`; `Type` alone for a static actor. */
  constructor(private readonly wanted: string) {}

  /** True for the actor that was asked for. */
  isMeant(path: string): boolean {
    return path === this.wanted || path.slice(path.indexOf('/') + 1) === this.wanted;
  }

  admits({ name, node, fields }: TimelineEvent): boolean {
    const { actor } = fields;
    if (typeof actor === 'string') {
      const isMeant = this.isMeant(actor);
      if (!isMeant) this.others.add(actor.slice(actor.indexOf('/') + 1));
      else {
        this.isSeen = true;
        if (name === 'activate' || name === 'turn-start') this.machines.add(node);
      }
      return isMeant;
    }
    if (name === 'fault') return this.concerns(String(fields['name']));
    return OF_THE_WORLD.has(name);
  }

  /** Why nothing was shown; undefined when something was. */
  get complaint(): string | undefined {
    if (this.isSeen) return undefined;
    const known = [...this.others];
    const meant = nearestName(this.wanted, known);
    const shown = known.slice(0, 10).join(', ');
    const hint =
      meant === undefined
        ? known.length === 0
          ? 'no actor did anything'
          : `there were ${shown}${known.length > 10 ? `, and ${known.length - 10} more` : ''}`
        : `did you mean ${meant}?`;
    return `No event was of the actor ${this.wanted}: ${hint}`;
  }

  /** A fault that names no machine may strike any. */
  private concerns(fault: string): boolean {
    const [, whom] = /^\S+(?: (.*))? #\d+$/.exec(fault) ?? [];
    if (whom === undefined) return true;
    const named = whom.split(/[ />]/);
    return [...this.machines].some((machine) => named.includes(machine));
  }
}

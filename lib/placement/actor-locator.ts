import { promptAnswer } from '../concurrency/prompt-answer';
import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { Membership } from '../cluster/membership';
import type { ActorDirectory } from '../directory/actor-directory';
import type { Location } from '../directory/location-cache';
import type { ActorId } from '../identity/actor-id';
import type { KnownActors } from '../metadata/actor-descriptor';
import type { ClassVersion } from '../metadata/class-version';
import type { Candidates, LocatedCandidate } from './candidates';
import type { PlacementCandidate } from './placement-strategy';
import type { PlacementTable } from './placements';
import type { LocalNode } from '../identity/local-node';
import { sameNode, type NodeId } from '../identity/node-id';

/** What is needed to find actors. */
export interface ActorLocatorParts {
  readonly directory: ActorDirectory;
  readonly membership: Membership;
  readonly placements: PlacementTable;
  readonly candidates: Candidates;
  readonly known: KnownActors;
  readonly local: LocalNode;
}

/** Finds the node of an actor: the one that the directory names if it lives, otherwise one that placement chooses. */
export class ActorLocator {
  constructor(private readonly parts: ActorLocatorParts) {}

  /**
   * @param onFound learns where it is, before anybody else does. @param wanted the version of the caller's class, for an actor that is nowhere. Undefined: any will do.
   * @throws MoonpoolError NO_NODE_AVAILABLE, STORAGE_UNAVAILABLE
   */
  locate(id: ActorId, onFound: (location: Location) => void, wanted?: ClassVersion): Promise<Location> {
    const { directory, membership } = this.parts;
    // Nearly always the place is found at once where the directory knows none, and a promise less is made for each first call.
    return directory.lookup(id.path).then((registration) => {
      const isThere = registration !== undefined && membership.isLive(registration.node);
      const found = isThere ? registration : this.choose(id, wanted);
      if (found instanceof Promise) return found.then((location) => noted(location, onFound));
      return noted(found, onFound);
    });
  }

  /** A node that hosts the actor type, chosen by placement. @throws MoonpoolError NO_NODE_AVAILABLE, STORAGE_UNAVAILABLE */
  async place(id: ActorId, wanted?: ClassVersion): Promise<Location> {
    return this.choose(id, wanted);
  }

  /** A node that hosts what a caller of the version asks for, chosen by placement in the present view; undefined when there is none. */
  withVersion(id: ActorId, wanted: ClassVersion): Location | undefined {
    const { candidates: known, local } = this.parts;
    const those = known.of(id.type, wanted);
    if (those.length === 0) return undefined;
    const self = local.role === 'node' ? local.node : undefined;
    const chosen = this.choiceOf(id, those, self);
    const found = those.find((each) => each === chosen);
    if (found !== undefined) known.placed(found);
    return found?.location;
  }

  /**
   * A node other than this one, chosen by placement in the present view: where an actor of this node may move.
   * @param mayBe whether the node at the address will do. @throws MoonpoolError NO_NODE_AVAILABLE
   */
  elsewhere(id: ActorId, mayBe: (address: string) => boolean = () => true): Location {
    const { candidates: known, local } = this.parts;
    const own = this.ownVersion(id);
    const others = known.of(id.type, own).filter((each) => !sameNode(each, local.node) && mayBe(each.address));
    if (others.length > 0) return this.chosen(id, others);
    throw new MoonpoolError('NO_NODE_AVAILABLE', {
      message: `No active node but ${local.toString()} hosts the actor type ${id.type}${describeWish(own)}, for ${id.path}`,
    });
  }

  /**
   * Where placement would have the actor now: this node, or one of those with less than so much load. Undefined when it is to stay, which a strategy that prefers this node says by choosing it.
   */
  withLessLoad(id: ActorId, load: number): Location | undefined {
    const { candidates: known, local } = this.parts;
    const isHere = (each: LocatedCandidate): boolean => sameNode(each, local.node);
    const those = known.of(id.type, this.ownVersion(id)).filter((each) => each.load < load || isHere(each));
    // A node that is being declared dead, or leaves, is no candidate itself any more.
    if (!those.some((each) => !isHere(each))) return undefined;
    const chosen = this.choiceOf(id, those, local.node);
    const found = those.find((each) => each === chosen && !isHere(each));
    if (found !== undefined) known.placed(found);
    return found?.location;
  }

  /** What an activation here must not fall behind when it moves: what it has stored may be of that version. */
  private ownVersion({ type }: ActorId): ClassVersion | undefined {
    return this.parts.known.get(type)?.version;
  }

  /** Most often there is nothing to wait for. */
  private choose(id: ActorId, wanted: ClassVersion | undefined): Location | Promise<Location> {
    const candidates = this.candidatesFor(id, wanted);
    return candidates.length > 0 ? this.chosen(id, candidates) : this.chooseAgain(id, wanted);
  }

  /** While no node has the version, an earlier one is better than none, but where the class is strict. */
  private candidatesFor({ type }: ActorId, wanted: ClassVersion | undefined): readonly LocatedCandidate[] {
    const { candidates } = this.parts;
    const suitable = candidates.of(type, wanted);
    return suitable.length > 0 || wanted === undefined || wanted.isStrict ? suitable : candidates.of(type);
  }

  /** In the cluster as it is now, and not as it was seen last. */
  private async chooseAgain(id: ActorId, wanted: ClassVersion | undefined): Promise<Location> {
    const { membership } = this.parts;
    await membership.refresh();
    const candidates = this.candidatesFor(id, wanted);
    if (candidates.length > 0) return this.chosen(id, candidates);
    const active = membership.view.members.filter(({ status }) => status === 'active').length;
    throw active === 0
      ? await this.nobodyThere(id)
      : new MoonpoolError('NO_NODE_AVAILABLE', {
          message: `${describeLack(active, id.type)}${describeWish(wanted)}, for ${id.path}`,
        });
  }

  private choiceOf(id: ActorId, those: readonly LocatedCandidate[], self: NodeId | undefined): unknown {
    const { name, strategy } = this.parts.placements.of(id.type);
    let choice: unknown;
    try {
      choice = strategy.choose(id, those, self);
    } catch (cause) {
      throw strategyFailed(name, id, cause);
    }
    return promptAnswer(choice, `the placement '${name}' of ${id.path}`);
  }

  /** A strategy may be anybody's: what it chooses is looked at. */
  private chosen(id: ActorId, candidates: readonly LocatedCandidate[]): Location {
    const { placements, candidates: known, local } = this.parts;
    const chosen = this.choiceOf(id, candidates, local.role === 'node' ? local.node : undefined);
    const found = candidates.find((candidate) => candidate === chosen);
    if (found !== undefined) {
      known.placed(found);
      return found.location;
    }
    const what = chosen === undefined ? 'found none that will do' : 'chose what is no candidate';
    throw new MoonpoolError('NO_NODE_AVAILABLE', {
      message: `The placement '${placements.of(id.type).name}' ${what} for ${id.path}, among ${describeCandidates(candidates)}`,
      remedy: 'Start a node that it would choose, or correct the strategy or the labels of the nodes.',
    });
  }

  /** Nodes of another namespace in the same store are most often those that were meant. */
  private async nobodyThere(id: ActorId): Promise<MoonpoolError> {
    const { membership } = this.parts;
    const others = await membership.otherClusters();
    const message = `The cluster '${id.namespace}' has no active node, for ${id.path}`;
    if (!membership.isShared && others.length === 0)
      return new MoonpoolError('NO_NODE_AVAILABLE', {
        message: `${message}; this process looks for nodes in its own memory, where no node of another process is, and none that was given another memory()`,
        remedy:
          'Give `modules` the store that the nodes have, within one process the very object that memory() has returned, or `gateways` with their addresses.',
      });
    if (others.length === 0) return new MoonpoolError('NO_NODE_AVAILABLE', { message });
    return new MoonpoolError('NO_NODE_AVAILABLE', {
      message: `${message}; the store has nodes of the namespace ${others.map((name) => `'${name}'`).join(', ')}`,
      remedy: 'Correct `namespace` here or there, or start a node of this namespace.',
    });
  }
}

function noted(location: Location, onFound: (location: Location) => void): Location {
  onFound(location);
  return location;
}

function describeLack(active: number, type: string): string {
  return `${active === 1 ? 'The only active node does not host' : `None of the ${active} active nodes hosts`} the actor type ${type}`;
}

/** The version that was asked for, where that is why there is none. */
function describeWish(wanted: ClassVersion | undefined): string {
  if (wanted === undefined) return '';
  return wanted.isStrict
    ? ` in version ${wanted.number}, and its class is strict`
    : ` in version ${wanted.number} or a later one`;
}

/** How many candidates a message names. */
const NAMED_CANDIDATES = 10;

function describeCandidates(candidates: readonly PlacementCandidate[]): string {
  const named = candidates.slice(0, NAMED_CANDIDATES).map(({ name, labels, load }) => {
    const said = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    return `${name} (${[...said, `load ${load}`].join(', ')})`;
  });
  const more = candidates.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** As it is, the error would pass for one of the handler, which was not called. */
function strategyFailed(name: string, { path }: ActorId, cause: unknown): MoonpoolError {
  return new MoonpoolError('NO_NODE_AVAILABLE', {
    message: `The placement '${name}' failed for ${path}: ${reasonOf(cause)}`,
    remedy: 'Correct the strategy: nothing was called.',
    cause,
  });
}

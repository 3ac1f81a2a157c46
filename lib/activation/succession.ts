import type { DeliveryPort, Request } from '../calls/request';
import type { Membership } from '../cluster/membership';
import type { Registration } from '../directory/actor-directory';
import type { Location } from '../directory/location-cache';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { areStrict, numberOf, versionVerdict } from '../metadata/class-version';
import type { ActorLocator } from '../placement/actor-locator';
import type { TimeProvider } from '../providers/time-provider';

/** What is needed to let later versions of classes follow those of this node. */
export interface SuccessionParts {
  readonly locator: Pick<ActorLocator, 'withVersion'>;
  readonly membership: Pick<Membership, 'refresh'>;
  readonly port: DeliveryPort;
  readonly time: TimeProvider;
}

/** How often the members are read for a version that no node has, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** One read of the members. */
interface Look {
  readonly at: number;
  isUnderWay: boolean;
  readonly over: Promise<void>;
}

/** An activation that may give way to one of a later version. */
interface Predecessor {
  readonly isRegistered: boolean;
  migrate(to: Location): Promise<unknown>;
}

/**
 * Lets actors go on in later versions of their classes, on the nodes that have these: when a call comes whose caller has a later version, and when
 * what is stored is of one. An actor never goes back, so that two versions that are called by turns do not pull it to and fro.
 */
export class Succession {
  /** The reads of the members that calls of a version wait for which no known node has, the last one of each class, by its wire name. */
  private readonly looks = new Map<string, Look>();

  constructor(private readonly parts: SuccessionParts) {}

  /**
   * True when an activation of the class here takes the call of a caller that has another version: it answers it, or it has begun to end, and gives it back with all
   * that wait. False: the call was told where it belongs, or will be.
   * @param present the activation.
   */
  takes(request: Request, descriptor: ActorDescriptor, present: Predecessor): boolean {
    try {
      return this.decide(request, descriptor, present);
    } catch (error) {
      // A placement may be anybody's, and this may be the midst of a connection's packets.
      request.reply.error(error);
      return false;
    }
  }

  /** Where an actor goes on whose stored state is of a later version than its class here; undefined when no node has a later one. Never rejects. */
  async afterStored(target: ActorId, { version, addressing }: ActorDescriptor): Promise<Registration | undefined> {
    const { locator, membership } = this.parts;
    const wanted = { number: numberOf(version) + 1, isStrict: false };
    if (!addressing.isRegistered) return undefined;
    try {
      let found = locator.withVersion(target, wanted);
      if (found === undefined) {
        await membership.refresh();
        found = locator.withVersion(target, wanted);
      }
      return found === undefined ? undefined : registrationAt(found, target);
    } catch {
      // What the activation has failed with says more.
      return undefined;
    }
  }

  private decide(request: Request, descriptor: ActorDescriptor, present: Predecessor): boolean {
    const { version, addressing } = descriptor;
    const { target, classVersion, reply } = request;
    const verdict = versionVerdict(version, classVersion);
    if (verdict === 'answers') return true;
    const isStrict = areStrict(version, classVersion);
    if (verdict === 'ahead') return refuse(request, descriptor);
    // What a turn of the actor waits for cannot wait for the end of that turn.
    const mayLeave = addressing.mayMove && !request.chain.includes(target.path);
    const wanted = { number: numberOf(classVersion), isStrict };
    const place = mayLeave ? this.parts.locator.withVersion(target, wanted) : undefined;
    if (place === undefined) {
      if (mayLeave && this.looksAgain(request)) return false;
      return isStrict ? refuse(request, descriptor) : true;
    }
    if (present.isRegistered) {
      void present.migrate(place);
      return true;
    }
    const why = `it is to be answered by version ${wanted.number} of its class`;
    reply.reject({ why, location: registrationAt(place, target), isForNext: true });
    return false;
  }

  /**
   * True when the call waits for a look at the present members, and comes again then: a node that has just joined may call before this one has heard of it. Where
   * nobody has the version that is looked for now and then, not for each call.
   */
  private looksAgain(request: Request): boolean {
    const { membership, port, time } = this.parts;
    const { type } = request.target;
    let look = this.looks.get(type);
    if (look === undefined || (!look.isUnderWay && time.now() - look.at >= LOOK_EVERY_MS)) {
      const begun: Look = { at: time.now(), isUnderWay: true, over: membership.refresh().catch(() => undefined) };
      this.looks.set(type, begun);
      void begun.over.then(() => (begun.isUnderWay = false));
      look = begun;
    }
    if (!look.isUnderWay) return false;
    // Those that come meanwhile wait too, so that none overtakes another.
    void look.over.then(() => port.deliver(request));
    return true;
  }
}

function refuse({ reply, method, target, classVersion }: Request, { version, addressing }: ActorDescriptor): false {
  const [has, asked] = [numberOf(version), numberOf(classVersion)];
  const kept = addressing.mayMove ? 'no other version may answer it' : 'its actors stay where they are';
  const message = `The call ${method} of ${target.path} was made by version ${asked} of its class, the actor has version ${has}, and the class is strict: ${kept}`;
  reply.error(new MoonpoolError('ACTOR_VERSION_MISMATCH', { message }));
  return false;
}

/** Where the actor is to be: it has no activation there yet. */
function registrationAt({ node, address }: Location, { path: actor }: ActorId): Registration {
  return { actor, activation: '', node, address };
}

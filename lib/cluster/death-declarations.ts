import { formatNodeId, type NodeId } from '../identity/node-id';
import type { Logger } from '../observability/logger';
import { readMembers } from './asked-members';
import { DeathWatch, type DeathWatchParts } from './death-watch';
import { SessionWatch, type SessionWatchParts } from './session-watch';
import type { Member, MembershipStore, MembershipView } from './membership-store';

/** How often one that has ended is declared dead while the view changes meanwhile; the next look goes on. */
const MAX_ATTEMPTS = 3;

/** What declaring members dead needs of the membership. */
export interface DeathDeclarationsParts extends Omit<DeathWatchParts, 'onEnded'>, Omit<SessionWatchParts, 'onEnded'> {
  readonly store: MembershipStore;
  readonly logger: Logger;
  readonly adopt: (view: MembershipView) => void;
  /** Is called when a process of this machine was seen to have ended: now is the time to read the view. */
  readonly onEnded: () => void;
}

/** Declares members dead: it is so for all when the store has said yes. */
export class DeathDeclarations {
  /** Of processes of this machine. */
  private readonly ends: DeathWatch;
  /** Of those of others. */
  private readonly sessions: SessionWatch;

  constructor(private readonly parts: DeathDeclarationsParts) {
    this.ends = new DeathWatch(parts);
    this.sessions = new SessionWatch({ ...parts, onEnded: (member) => this.declareSoon(member) });
  }

  /** From now on it is looked for processes that have ended, between the times at which a view is read. @param self this node, which has joined. */
  watch(self: NodeId): void {
    this.ends.start();
    const session = this.parts.store.openSession?.(self);
    if (session !== undefined) this.sessions.start(session);
  }

  /** Looks no more. @returns when the session of this node with the store has ended too. */
  stop(): Promise<void> {
    this.ends.stop();
    return this.sessions.stop();
  }

  /** A connection to somebody was lost, perhaps because its process has ended. */
  lookForEnds(): void {
    this.sessions.lookOften();
  }

  /** Declares dead who has ended, and the suspects. */
  async declare(suspects: readonly Member[]): Promise<void> {
    this.sessions.look();
    for (const member of this.ends.ended()) await this.ofEnd(member);
    for (const suspect of suspects) await this.ofSilence(suspect);
  }

  /** A member is dead, whoever has declared it so: what its process holds of the store is freed. */
  bury(member: Member): void {
    const { store, logger } = this.parts;
    const buried = (async () => store.bury?.(member))();
    buried.catch((error: unknown) =>
      logger.error('what a dead node holds of the store could not be freed', error, { node: formatNodeId(member) }),
    );
  }

  /** Nothing was heard of it for longer than its lease. A renewal that came in between proves it alive. */
  private async ofSilence(suspect: Member): Promise<void> {
    const { store, logger, view, adopt } = this.parts;
    const { version } = view();
    const declared = await store.changeStatus(suspect, 'dead', { version, leaseCounter: suspect.leaseCounter });
    if (!declared) return;
    logger.warn('a node did not renew its lease and was declared dead', detailsOf(suspect));
    adopt(await readMembers(store));
  }

  private declareSoon(member: Member): void {
    this.ofEnd(member).catch((error: unknown) =>
      this.parts.logger.error('a node whose process has ended could not be declared dead', error, {
        node: formatNodeId(member),
      }),
    );
  }

  /** Its process has ended. However often it renewed until then, it does so no more; other changes of the view may come first. */
  private async ofEnd(member: Member): Promise<void> {
    const { store, logger, view, isLive, adopt } = this.parts;
    for (let attempts = 1; attempts <= MAX_ATTEMPTS && isLive(member); attempts++) {
      const { version } = view();
      if (await store.changeStatus(member, 'dead', { version }))
        logger.warn('the process of a node has ended, and it was declared dead', detailsOf(member));
      adopt(await readMembers(store));
    }
  }
}

function detailsOf(member: Member): Readonly<Record<string, string>> {
  return { node: formatNodeId(member), address: member.address };
}

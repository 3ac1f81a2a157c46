import type { CommitOutcome, StateCommit } from '../storage/state-commit';
import type { StateStorage } from '../storage/state-storage';
import { expectEqual } from './contract';

/** The actor of most promises. */
export const ACTOR = 'shop/Cart/1';
/** How many ask at once where that matters. */
export const TOGETHER = 20;

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** What a commit holds besides the claim under which it is made. */
export type Decided = Omit<StateCommit, 'actor' | 'epoch' | 'version' | 'writeId'>;

/** An actor that was claimed, as its activation sees it: it knows epoch and version. */
export class ClaimedActor {
  private constructor(
    private readonly storage: StateStorage,
    readonly actor: string,
    readonly epoch: number,
    private present: number,
  ) {}

  static async of(storage: StateStorage, actor = ACTOR): Promise<ClaimedActor> {
    const { epoch, version } = await storage.claim(actor);
    return new ClaimedActor(storage, actor, epoch, version);
  }

  get version(): number {
    return this.present;
  }

  /** Commits under the claim, and expects that it is accepted. */
  async commit(decided: Decided): Promise<void> {
    const version = this.present + 1;
    const writeId = `${this.actor}:${this.epoch}:${version}`;
    expectEqual('the commit', await this.attempt({ ...decided }, writeId), { kind: 'accepted', version });
    this.present = version;
  }

  /** Commits under the claim, whatever becomes of it. */
  attempt(decided: Decided, writeId = 'attempt'): Promise<CommitOutcome> {
    const { actor, epoch, present: version } = this;
    return this.storage.commit({ actor, epoch, version, writeId, ...decided });
  }
}

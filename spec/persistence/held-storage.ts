import type { ContainerModule } from 'moonpool';
import { StateStorage, type CommitOutcome, type StateCommit } from 'moonpool/modules';
import { MemoryStorage } from '../../lib/storage/memory-storage';

/** A storage that says what it was asked to write, and writes when it is let. */
export class HeldStorage extends MemoryStorage {
  readonly commits: StateCommit[] = [];
  /** Called before each commit is written; what it throws, the store throws. */
  before: (commit: StateCommit) => Promise<void> | void = () => undefined;
  /** Called after each commit was written. */
  after: (commit: StateCommit) => Promise<void> | void = () => undefined;
  private letGo: (() => void)[] = [];
  private isHeld = false;

  constructor() {
    super(Date.now);
  }

  /** The module that binds it. */
  get module(): ContainerModule {
    return { name: 'held storage', load: (bind) => bind(StateStorage).toValue(this) };
  }

  /** From now on commits wait. */
  hold(): void {
    this.isHeld = true;
  }

  release(): void {
    this.isHeld = false;
    for (const go of this.letGo.splice(0)) go();
  }

  override async commit(commit: StateCommit): Promise<CommitOutcome> {
    this.commits.push(commit);
    if (this.isHeld) await new Promise<void>((go) => this.letGo.push(go));
    await this.before(commit);
    const outcome = await super.commit(commit);
    await this.after(commit);
    return outcome;
  }
}

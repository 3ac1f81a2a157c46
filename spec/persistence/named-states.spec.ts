import { Max } from 'class-validator';
import { expect } from 'chai';
import { Actor, ActorContext, Handler, inject, MoonpoolError, namedStorage, Persist } from 'moonpool';
import type { ActorClass, ActorRuntime, ActorState } from 'moonpool';
import type { StateCommit } from 'moonpool/modules';
import { ClusterFixture, eventually, failureOf, pause } from '../activation/cluster-fixture';
import { HeldStorage } from './held-storage';

class Photo {
  @Max(100) width = 0;
}

@Actor({ name: 'Album' })
class Album {
  @Persist(Photo) private readonly cover!: ActorState<Photo>;
  @Persist(Photo, { storage: 'archive' }) private readonly photo!: ActorState<Photo>;
  @Persist(Photo, { storage: 'archive' }) private readonly print!: ActorState<Photo>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async keep(state: 'cover' | 'photo' | 'print', width: number): Promise<number> {
    this[state].value.width = width;
    await this[state].persist();
    return this[state].version;
  }
  /** Waits for nothing. */
  @Handler() async begin(state: 'cover' | 'photo', width: number): Promise<void> {
    this[state].value.width = width;
    void this[state].persist();
  }
  @Handler() async beginAndThrow(width: number): Promise<void> {
    await this.begin('photo', width);
    throw new RangeError('no');
  }
  @Handler({ idempotent: true }) async keepAndCatch(width: number): Promise<string> {
    this.photo.value.width = width;
    await this.photo.persist().catch(() => undefined);
    return 'kept';
  }
  @Handler() async act(what: 'clear' | 'reload', change = 0): Promise<void> {
    if (change > 0) this.photo.value.width = change;
    await this.photo[what]();
  }
  @Handler() async burn(): Promise<void> {
    await this.context.destroy();
  }
  @Handler({ readOnly: true }) async look(): Promise<Record<string, string>> {
    const shown = ({ exists, value }: ActorState<Photo>): string => `${exists ? '' : 'no '}${value.width}`;
    return { cover: shown(this.cover), photo: shown(this.photo), print: shown(this.print) };
  }
}

@Actor({ name: 'Frame' })
class Frame {
  @Persist(Photo, { storage: 'archive' }) private readonly photo!: ActorState<Photo>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async hang(width: number): Promise<void> {
    this.photo.value.width = width;
    await this.photo.persist();
  }
  @Handler() async burn(): Promise<void> {
    await this.context.destroy();
  }
  @Handler({ readOnly: true }) async width(): Promise<number> {
    return this.photo.value.width;
  }
}

@Actor({ name: 'Hand' })
class Hand {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Persist(Photo) private readonly own!: ActorState<Photo>;
  @Handler() async deliver(width: number): Promise<void> {
    await this.context.actor(Frame, 'a').$deliver.hang(width);
    await this.own.persist();
  }
}

describe('States in a named storage', () => {
  let usual: HeldStorage;
  let archive: HeldStorage;
  let runtime: ActorRuntime;
  let cluster: ClusterFixture;

  beforeEach(async () => {
    usual = new HeldStorage();
    archive = new HeldStorage();
    const actors: ActorClass[] = [Album, Frame, Hand];
    cluster = new ClusterFixture(actors);
    const modules = cluster.with(usual.module, namedStorage('archive', archive.module));
    runtime = await cluster.node('n1', { modules, activation: { failureHoldMs: 0 } });
  });
  afterEach(() => cluster.shutdown());

  const album = () => runtime.actor(Album, 'a');
  const unavailable = (): never => {
    throw new MoonpoolError('STORAGE_UNAVAILABLE', { message: 'it is away', executed: 'maybe' });
  };

  it('have a record, a claim and versions of their own, and are written there alone', async () => {
    expect([
      await album().begin('cover', 1),
      await album().keep('photo', 2),
      await album().keep('print', 3),
    ]).to.deep.equal([undefined, 1, 2]);
    expect(await album().look()).to.deep.equal({ cover: '1', photo: '2', print: '3' });
    expect(archive.commits.map(({ actor, epoch, version }) => [actor, epoch, version])).to.deep.equal([
      ['spec/Album/a', 1, 0],
      ['spec/Album/a', 1, 1],
    ]);
    // Answers and what says that a call has begun are in the default storage.
    expect(archive.commits.flatMap(({ answers = [] }) => answers)).to.deep.equal([]);
    expect(usual.commits.filter(({ answers }) => answers !== undefined)).to.have.length(4);
  });

  it('are cleared, and given back what was written last', async () => {
    await album().keep('photo', 2);
    await album().keep('print', 3);
    await album().act('reload', 50);
    expect(await album().look()).to.deep.equal({ cover: 'no 0', photo: '2', print: '3' });
    await album().act('clear');
    expect(await album().look()).to.deep.equal({ cover: 'no 0', photo: 'no 0', print: '3' });
    await album().act('reload');
    expect(await album().look()).to.include({ photo: 'no 0' });
  });

  it('keep the rules of their class', async () => {
    await album().keep('photo', 2);
    const { message } = await failureOf(album().begin('photo', 200));
    expect(message).to.match(
      /STATE_INVALID: The state 'photo' of spec\/Album\/a, which was not written, breaks rules of Photo/,
    );
    expect(await album().look()).to.include({ photo: '2' });
  });

  for (const [what, storage] of [
    ['the named storage', () => archive],
    ['the default storage', () => usual],
  ] as const)
    it(`hold answers back until what the turn has begun is durable, in ${what}`, async () => {
      await album().begin('cover', 1);
      storage().hold();
      let isAnswered = false;
      const answer = album()
        .begin(storage() === archive ? 'photo' : 'cover', 4)
        .then(() => (isAnswered = true));
      await eventually(() => storage().commits.at(-1)?.data !== undefined);
      await pause(20);
      expect(isAnswered).to.equal(false);
      storage().release();
      await answer;
    });

  it('hold back what a handler throws, too', async () => {
    await album().begin('photo', 1);
    archive.hold();
    const failed = failureOf(album().beginAndThrow(5));
    expect(await Promise.race([failed, pause(30)])).to.equal(undefined);
    archive.release();
    expect((await failed).message).to.include('no');
  });

  it('are fenced by whoever claims them there, and that ends the activation', async () => {
    await album().begin('cover', 1);
    await album().keep('photo', 2);
    await archive.claim('spec/Album/a');
    const { message } = await failureOf(album().begin('photo', 3));
    expect(message).to.match(/STATE_FENCED: The state of spec\/Album\/a in the storage 'archive' was claimed again/);
    expect(await album().look()).to.deep.equal({ cover: '1', photo: '2', print: 'no 0' });
  });

  it('end the activation when their storage does not answer, with what is stored for the next one', async () => {
    await album().keep('photo', 2);
    archive.before = unavailable;
    const { message } = await failureOf(album().$with({ timeoutMs: 5_000 }).begin('photo', 3));
    expect(message).to.match(
      /STORAGE_UNAVAILABLE: Whether the last write of the state of spec\/Album\/a in the storage 'archive' was applied could not be learnt/,
    );
    archive.before = () => undefined;
    expect(await album().look()).to.include({ photo: '2' });
  });

  it('keep their actor from being activated when they cannot be claimed', async () => {
    const { claim } = archive;
    archive.claim = async () => unavailable();
    expect((await failureOf(album().$with({ timeoutMs: 500 }).look())).message).to.match(/it is away/);
    archive.claim = claim;
    // Who comes while the one before is still ending fails with it.
    await pause(50);
    expect(await album().look()).to.include({ photo: 'no 0' });
  });

  describe('and idempotent calls', () => {
    const order: string[] = [];
    const note = (storage: string) => (commit: StateCommit) =>
      void order.push(`${storage}${commit.answers ? ' answer' : ''}`);

    it('are known to have begun before they are written, and remembered after that', async () => {
      [usual.after, archive.after] = [note('usual'), note('archive')];
      await album().$with({ idempotencyKey: 'k' }).keep('photo', 2);
      expect(order).to.deep.equal(['usual answer', 'archive', 'usual answer']);
      await album().$with({ idempotencyKey: 'k' }).keep('photo', 2);
      expect(archive.commits).to.have.length(1);
    });

    it('are not executed again when they were executed in part', async () => {
      archive.after = unavailable;
      await failureOf(album().$with({ idempotencyKey: 'k', timeoutMs: 5_000 }).keep('photo', 2));
      archive.after = () => undefined;
      const { message } = await failureOf(album().$with({ idempotencyKey: 'k' }).keep('photo', 2));
      expect(message).to.match(/IDEMPOTENT_CALL_BROKEN/);
      expect(await album().look()).to.include({ photo: '2' });
    });

    it('are not remembered as done by a handler that catches the failure of a write', async () => {
      archive.before = unavailable;
      await failureOf(album().$with({ idempotencyKey: 'k', timeoutMs: 5_000 }).keepAndCatch(2));
      archive.before = () => undefined;
      const { message } = await failureOf(album().$with({ idempotencyKey: 'k' }).keepAndCatch(2));
      expect(message).to.match(/IDEMPOTENT_CALL_BROKEN/);
    });
  });

  describe('of an actor that is deleted', () => {
    it('go first, and what is in the default storage last', async () => {
      await album().begin('cover', 1);
      await album().begin('photo', 2);
      const order: string[] = [];
      usual.after = ({ destroys }) => void (destroys === true && order.push('usual'));
      archive.after = ({ destroys }) => void (destroys === true && order.push('archive'));
      await album().burn();
      expect(order).to.deep.equal(['archive', 'usual']);
      expect(await album().look()).to.deep.equal({ cover: 'no 0', photo: 'no 0', print: 'no 0' });
    });

    it('are gone when the rest could not be deleted, and a repeat finishes that', async () => {
      await album().begin('cover', 1);
      await album().begin('photo', 2);
      usual.before = unavailable;
      await failureOf(album().$with({ timeoutMs: 5_000 }).burn());
      usual.before = () => undefined;
      expect(await album().look()).to.deep.equal({ cover: '1', photo: 'no 0', print: 'no 0' });
      await album().burn();
      expect(await album().look()).to.deep.equal({ cover: 'no 0', photo: 'no 0', print: 'no 0' });
    });
  });

  describe('where there are no others', () => {
    const frame = () => runtime.actor(Frame, 'a');

    it('leave nothing in the default storage, and can be deleted', async () => {
      await frame().hang(7);
      expect(await runtime.actors(Frame).count()).to.equal(0);
      expect(await usual.read('spec/Frame/a')).to.equal(undefined);
      await frame().burn();
      expect(await frame().width()).to.equal(0);
      expect((await archive.read('spec/Frame/a'))?.data).to.equal(undefined);
    });

    it('remember no answers', async () => {
      const { message } = await failureOf(frame().$with({ idempotencyKey: 'k' }).hang(1));
      expect(message).to.match(/NOT_IDEMPOTENT.*all states of the actor are in named storages/);
    });

    it('get messages that must arrive', async () => {
      await runtime.actor(Hand, 'h').deliver(9);
      await eventually(async () => (await frame().width()) === 9);
    });
  });
});

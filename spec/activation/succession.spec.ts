import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Persist,
  StatelessWorker,
  type OnMigrate,
} from 'moonpool';
import { ClusterFixture } from './cluster-fixture';

class Sum {
  total = 0;
}

class SumOfParts {
  parts: number[] = [];
}

/** The first release of a tally. */
@Actor({ name: 'Tally', persist: 'after-turn' })
class Tally {
  @Persist(Sum, { name: 'sum' }) protected readonly sum!: ActorState<Sum>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async add(amount: number): Promise<string> {
    this.sum.value.total += amount;
    return `${this.context.node.name}: ${this.sum.value.total}`;
  }

  @Handler({ readOnly: true }) async total(): Promise<number> {
    return this.sum.value.total;
  }
}

/** The next one: it keeps the parts, and can tell the greatest. */
@Actor({ name: 'Tally', persist: 'after-turn', version: 2 })
class TallyOfParts {
  @Persist(SumOfParts, { name: 'sum', version: 2, upcast: [({ total }) => ({ parts: [total] })] })
  private readonly sum!: ActorState<SumOfParts>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async add(amount: number): Promise<string> {
    this.sum.value.parts.push(amount);
    return `${this.context.node.name}: ${this.sum.value.parts.reduce((all, part) => all + part, 0)}`;
  }

  @Handler({ readOnly: true }) async total(): Promise<number> {
    return this.sum.value.parts.reduce((all, part) => all + part, 0);
  }

  @Handler({ readOnly: true }) async greatest(): Promise<string> {
    return `${this.context.node.name}: ${Math.max(0, ...this.sum.value.parts)}`;
  }
}

const seen: string[] = [];

/** Has nothing but what is in its memory. */
@Actor({ name: 'Memo' })
class Memo implements OnMigrate<string[]> {
  private lines: string[] = [];

  onDehydrate(): string[] {
    return this.lines;
  }

  onRehydrate(lines: string[]): void {
    this.lines = lines;
  }

  @Handler() async note(line: string): Promise<number> {
    seen.push(line);
    return this.lines.push(line);
  }
}

@Actor({ name: 'Memo', version: 2 })
class MemoWithList implements OnMigrate<string[]> {
  private lines: string[] = [];

  onDehydrate(): string[] {
    return this.lines;
  }

  onRehydrate(lines: string[]): void {
    this.lines = lines;
  }

  @Handler() async note(line: string): Promise<number> {
    seen.push(line);
    return this.lines.push(line);
  }

  @Handler() async mark(line: string): Promise<void> {
    this.lines.push(`* ${line}`);
  }

  @Handler() async all(): Promise<readonly string[]> {
    return this.lines;
  }
}

@Actor({ name: 'Price', versionPolicy: 'strict' })
class PriceInEuros {
  @Handler() async of(): Promise<string> {
    return 'euros';
  }
}

@Actor({ name: 'Price', version: 2, versionPolicy: 'strict' })
class PriceInCents {
  @Handler() async of(): Promise<string> {
    return 'cents';
  }
}

@StatelessWorker()
@Actor({ name: 'Press' })
class Press {
  @Handler() async print(): Promise<string> {
    return 'plain';
  }
}

@StatelessWorker()
@Actor({ name: 'Press', version: 2 })
class PressInColour {
  @Handler() async print(): Promise<string> {
    return 'plain';
  }

  @Handler() async colour(): Promise<string> {
    return 'colour';
  }
}

const FIRST = [Tally, Memo, PriceInEuros, Press];
const SECOND = [TallyOfParts, MemoWithList, PriceInCents, PressInColour];

describe('Two versions of a class in one cluster', () => {
  let cluster: ClusterFixture;

  beforeEach(() => {
    cluster = new ClusterFixture(FIRST);
    seen.length = 0;
  });

  afterEach(() => cluster.shutdown());

  for (const inProcess of [false, true]) {
    const how = inProcess ? 'within one process' : 'over connections';

    it(`bring a call to a node of its caller's version, with the actor and its state, ${how}`, async () => {
      const old = await cluster.node('old', { inProcess });
      expect(await old.actor(Tally, 'ann').add(5)).to.equal('old: 5');
      const next = await cluster.node('next', { actors: SECOND, inProcess });
      expect(await old.actor(Tally, 'ann').add(3)).to.equal('old: 8');
      expect(await next.actor(TallyOfParts, 'ann').greatest()).to.equal('next: 8');
      // It stays there, and answers those that are not rolled yet.
      expect(await old.actor(Tally, 'ann').add(1)).to.equal('next: 9');
    });
  }

  it('keep the order of calls, and what is in memory, when the actor goes on in the later one', async () => {
    await cluster.node('old');
    const caller = await cluster.client();
    await caller.actor(Memo, 'm').note('0');
    await cluster.node('next', { actors: SECOND });
    const later = await cluster.client({ actors: SECOND });
    const early = Array.from({ length: 20 }, (_, index) => caller.actor(Memo, 'm').note(`${index + 1}`));
    const late = later.actor(MemoWithList, 'm').note('new');
    await Promise.all([...early, late]);
    expect(seen.filter((line) => line !== 'new')).to.deep.equal(Array.from({ length: 21 }, (_, index) => `${index}`));
    expect(await later.actor(MemoWithList, 'm').all()).to.deep.equal(seen);
  });

  it('let an earlier one answer while no node has a later one, and what that lacks fails that call alone', async () => {
    await cluster.node('old');
    const later = await cluster.client({ actors: SECOND });
    const ann = later.actor(TallyOfParts, 'ann');
    expect(await ann.add(5)).to.equal('old: 5');
    const failure = await ann.greatest().catch((error: unknown) => error);
    expect(isMoonpoolError(failure, 'UNKNOWN_HANDLER')).to.equal(true);
    expect(await ann.add(1)).to.equal('old: 6');
  });

  it('never give an earlier one what a later one has stored: whoever calls is brought to the later one', async () => {
    const old = await cluster.node('old');
    const next = await cluster.node('next', { actors: SECOND });
    for (let key = 0; key < 8; key++) await next.actor(TallyOfParts, `k${key}`).add(key);
    // Its activations end with it, and what they have stored is read by whoever is asked next.
    await next.shutdown();
    const again = await cluster.node('again', { actors: SECOND });
    for (let key = 0; key < 8; key++) expect(await old.actor(Tally, `k${key}`).add(1)).to.equal(`again: ${key + 1}`);
    await again.shutdown();
    const failure = await old
      .actor(Tally, 'k1')
      .add(1)
      .catch((error: unknown) => error);
    expect(isMoonpoolError(failure, 'ACTIVATION_FAILED') && isMoonpoolError(failure.cause, 'STORAGE_TOO_NEW')).to.equal(
      true,
    );
  });

  it('move an actor to no node that has an earlier one', async () => {
    await cluster.node('old');
    const next = await cluster.node('next', { actors: SECOND });
    await next.actor(TallyOfParts, 'ann').add(1);
    const old = next.inspect().membership.members.find(({ node }) => node.startsWith('old'));
    for (const options of [{}, { to: old?.address ?? '' }]) {
      const failure: unknown = await next.migrate(TallyOfParts, 'ann', options).catch((error: unknown) => error);
      expect(isMoonpoolError(failure) && failure.message).to.match(/version/);
    }
  });

  it('of stateless workers: a call is brought to a node of its version', async () => {
    await cluster.node('old');
    await cluster.node('next', { actors: SECOND });
    const later = await cluster.client({ actors: SECOND });
    for (let at = 0; at < 10; at++) expect(await later.actor(PressInColour, 'p').colour()).to.equal('colour');
  });

  it('pass a message on of which nobody waits for the answer, though the earlier one has no handler for it', async () => {
    const old = await cluster.node('old');
    await old.actor(Memo, 'm').note('0');
    const next = await cluster.node('next', { actors: SECOND });
    next.actor(MemoWithList, 'm').$send.mark('sent');
    await waitFor(async () => (await next.actor(MemoWithList, 'm').all()).includes('* sent'));
  });

  it('say to the cluster which they are', async () => {
    const old = await cluster.node('old');
    await cluster.node('next', { actors: SECOND });
    await old.actor(Tally, 'ann').total();
    await waitFor(async () => old.inspect().membership.members.length === 2);
    const { members } = old.inspect().membership;
    expect(members.map(({ actorVersions }) => actorVersions)).to.deep.equal([
      { Tally: 2, Memo: 2, Price: 2, Press: 2 },
      {},
    ]);
  });

  describe('of a class that is strict', () => {
    it('answer none but their own, and an actor goes on in the later one for good', async () => {
      const old = await cluster.node('old');
      expect(await old.actor(PriceInEuros, 'p').of()).to.equal('euros');
      const next = await cluster.node('next', { actors: SECOND });
      expect(await next.actor(PriceInCents, 'p').of()).to.equal('cents');
      const failure: unknown = await old
        .actor(PriceInEuros, 'p')
        .of()
        .catch((error: unknown) => error);
      expect(isMoonpoolError(failure, 'ACTOR_VERSION_MISMATCH') && failure.executed).to.equal('no');
      expect(await next.actor(PriceInCents, 'p').of()).to.equal('cents');
    });

    it('find no node where none has theirs, active or not', async () => {
      const old = await cluster.node('old');
      await old.actor(PriceInEuros, 'active').of();
      const later = await cluster.client({ actors: SECOND });
      const failures = await Promise.all(
        ['active', 'none'].map((key) =>
          later
            .actor(PriceInCents, key)
            .of()
            .catch((error: unknown) => (isMoonpoolError(error) ? error.code : error)),
        ),
      );
      expect(failures).to.deep.equal(['ACTOR_VERSION_MISMATCH', 'NO_NODE_AVAILABLE']);
      expect(await old.actor(PriceInEuros, 'active').of()).to.equal('euros');
    });
  });
});

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not come true');
}

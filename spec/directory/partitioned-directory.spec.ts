import { expect } from 'chai';
import { Deferred } from '../../lib/concurrency/deferred';
import { RangeSet } from '../../lib/directory/range-set';
import { RangeOwners, rangeOf } from '../../lib/directory/ranges';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { failureOf } from '../activation/cluster-fixture';
import { DirectoryCluster, moment, type DirectoryNode } from './directory-cluster';

describe('A directory that is partitioned among the nodes', () => {
  let cluster: DirectoryCluster;
  let one: DirectoryNode;
  let two: DirectoryNode;
  let three: DirectoryNode;

  beforeEach(async () => {
    cluster = new DirectoryCluster();
    [one, two, three] = [cluster.join(), cluster.join(), cluster.join()];
    await cluster.settle();
    cluster.asked.length = 0;
  });

  const held = (node: DirectoryNode) => node.port.host.describe();

  /** An actor whose range the node owns. */
  function actorOf(owner: DirectoryNode): string {
    for (let index = 0; ; index++) {
      const actor = `shop/Cart/${index}`;
      if (ownerOf(actor) === owner.id.name) return actor;
    }
  }

  function ownerOf(actor: string): string | undefined {
    return owners().get(rangeOf(actor));
  }

  const owners = (): Map<number, string> => {
    const found = new Map<number, string>();
    for (const node of cluster.nodes) for (const range of node.ranges()) found.set(range, node.id.name);
    return found;
  };

  it('is held by all of them together', () => {
    const [a, b, c] = [held(one), held(two), held(three)];
    expect(a.held + b.held + c.held).to.equal(1_024);
    expect(a.owned).to.equal(a.held);
    expect(a.view).to.equal(3);
  });

  it('asks nobody but the owner of a range, and for all that is asked in a turn at once', async () => {
    const actors = Array.from({ length: 50 }, (_, index) => `shop/Cart/${index}`);
    const holders = await Promise.all(
      actors.map((actor) => one.directory.register(cluster.registrationAt(one, actor, `x/${actor}`))),
    );
    expect(holders.map(({ activation }) => activation)).to.deep.equal(actors.map((actor) => `x/${actor}`));
    expect(cluster.asked).to.have.members(['n1>n2 ask', 'n1>n3 ask']);
    const found = await Promise.all(actors.map((actor) => three.directory.lookup(actor)));
    expect(found.map((registration) => registration?.node.name)).to.deep.equal(actors.map(() => 'n1'));
  });

  it('hands ranges over to a node that joins, which asks those that have held them', async () => {
    const actors = Array.from({ length: 200 }, (_, index) => `shop/Cart/${index}`);
    for (const actor of actors) await two.directory.register(cluster.registrationAt(two, actor, `x/${actor}`));
    cluster.asked.length = 0;
    const four = cluster.join();
    await cluster.settle();
    expect(cluster.asked.filter((asked) => asked.endsWith('restore'))).to.deep.equal([]);
    expect(cluster.asked).to.include.members(['n4>n1 tell', 'n4>n2 tell', 'n4>n3 tell']);
    expect(held(four).held).to.be.within(180, 330);
    for (const actor of actors) expect((await four.directory.lookup(actor))?.activation).to.equal(`x/${actor}`);
    expect(
      held(one).registrations + held(two).registrations + held(three).registrations + held(four).registrations,
    ).to.equal(200);
  });

  it('restores what a dead node has held from the activations of those that live', async () => {
    const actors = Array.from({ length: 200 }, (_, index) => `shop/Cart/${index}`);
    for (const actor of actors) await one.directory.register(cluster.registrationAt(one, actor, `x/${actor}`));
    for (const actor of actors.slice(0, 20)) await one.directory.unregister(actor, `x/${actor}`);
    const ofThree = actorOf(three);
    await three.directory.register(cluster.registrationAt(three, `${ofThree}/3`, 'gone'));
    cluster.change(three, 'dead');
    await cluster.settle();
    for (const actor of actors.slice(20))
      expect((await two.directory.lookup(actor))?.activation).to.equal(`x/${actor}`);
    for (const actor of actors.slice(0, 20)) expect(await two.directory.lookup(actor)).to.equal(undefined);
    expect(await two.directory.lookup(`${ofThree}/3`)).to.equal(undefined);
  });

  it('answers for no restored range before every live node has told what it has', async () => {
    const actor = actorOf(three);
    await one.directory.register(cluster.registrationAt(one, actor, 'x'));
    cluster.change(three, 'dead');
    one.isReached = false;
    two.look();
    let answered = false;
    const looked = two.directory.lookup(actor).then((found) => {
      answered = true;
      return found;
    });
    for (let turn = 0; turn < 20; turn++) await moment();
    expect(answered).to.equal(false);
    one.isReached = true;
    await cluster.settle();
    expect((await looked)?.activation).to.equal('x');
  });

  it('takes no answer for a registration that its node has not reported when the range was restored', async () => {
    const actor = actorOf(three);
    const mayArrive = new Deferred<void>();
    cluster.onAnswer = async (method, from) => {
      if (method === 'ask' && from === one) await mayArrive.promise;
    };
    const registered = one.directory.register(cluster.registrationAt(one, actor, 'late'));
    for (let turn = 0; turn < 5; turn++) await moment();
    cluster.change(three, 'dead');
    await cluster.settle();
    // Nobody knows of it, and somebody else is registered.
    expect((await two.directory.register(cluster.registrationAt(two, actor, 'winner'))).activation).to.equal('winner');
    mayArrive.resolve();
    expect((await registered).activation).to.equal('winner');
  });

  it('keeps a registration that waits for another while its range is restored, and drops it when its place was taken', async () => {
    const actor = actorOf(three);
    await one.directory.register(cluster.registrationAt(one, actor, 'old'));
    one.directory.depart(actor, 'old');
    cluster.change(three, 'dead');
    await cluster.settle();
    expect((await two.directory.register(cluster.registrationAt(two, actor, 'other'))).activation).to.equal('old');
    expect((await two.directory.register(cluster.registrationAt(two, actor, 'new'), 'old')).activation).to.equal('new');
    const owner = cluster.nodes.find((node) => node.id.name === ownerOf(actor));
    const last = owner === one ? two : one;
    if (owner === undefined) throw new Error('nobody owns it');
    cluster.change(owner, 'dead');
    await cluster.settle();
    const found = await last.directory.lookup(actor);
    expect(found?.activation).to.equal(last === two ? 'new' : 'old');
  });

  it('restores the activation that serves, and not one that still waits for another to take its place', async () => {
    const actors = Array.from({ length: 60 }, (_, index) => `shop/Cart/${index}`).filter(
      (actor) => ownerOf(actor) === 'n3',
    );
    for (const actor of actors) {
      await one.directory.register(cluster.registrationAt(one, actor, 'old'));
      one.directory.depart(actor, 'old');
      // Its place was given up, and somebody else has begun without it.
      await two.directory.unregister(actor, 'old');
      await two.directory.register(cluster.registrationAt(two, actor, 'new'));
    }
    cluster.change(three, 'dead');
    await cluster.settle();
    for (const actor of actors) expect((await one.directory.lookup(actor))?.activation).to.equal('new');
  });

  it('restores nothing of an activation whose place was taken by one that has ended since', async () => {
    const actor = actorOf(three);
    await one.directory.register(cluster.registrationAt(one, actor, 'old'));
    one.directory.depart(actor, 'old');
    await two.directory.register(cluster.registrationAt(two, actor, 'new'), 'old');
    one.directory.departed(actor, 'old');
    three.isReached = false;
    await failureOf(two.directory.unregister(actor, 'new'));
    cluster.change(three, 'dead');
    await cluster.settle();
    expect(await one.directory.lookup(actor)).to.equal(undefined);
  });

  it('takes back what a range was restored with: an activation that waited for another, which has taken its place and ended', async () => {
    const actor = actorOf(three);
    await one.directory.register(cluster.registrationAt(one, actor, 'old'));
    one.directory.depart(actor, 'old');
    await two.directory.register(cluster.registrationAt(two, actor, 'new'), 'old');
    three.isReached = false;
    await failureOf(two.directory.unregister(actor, 'new'));
    cluster.change(three, 'dead');
    await cluster.settle();
    // Nobody knows better: the node of the new one has nothing to report, and the other one waits to hear of it.
    expect((await two.directory.lookup(actor))?.activation).to.equal('old');
    one.directory.departed(actor, 'old');
    await cluster.settle();
    expect(await two.directory.lookup(actor)).to.equal(undefined);
  });

  it('takes back the registration of an activation that has ended while nobody could be told of it', async () => {
    const actor = actorOf(three);
    await one.directory.register(cluster.registrationAt(one, actor, 'left'));
    three.isReached = false;
    await failureOf(one.directory.unregister(actor, 'left'));
    three.isReached = true;
    await cluster.settle();
    expect(await two.directory.lookup(actor)).to.equal(undefined);
  });

  it('says whom it has asked in vain when an owner does not answer, and how long it has tried', async () => {
    const actor = actorOf(three);
    three.isReached = false;
    const error = await failureOf(one.directory.lookup(actor));
    expect(error).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    expect(error.message).to.match(/could not look up an actor, shop\/Cart\/\d+, within \d{4} ms/);
    expect(error.message).to.contain('its range belongs to n3#3 at n3:1, which did not answer');
  });

  it('leaves open what has become of a registration whose answer was lost, however surely the attempts after it have failed', async () => {
    const actor = actorOf(three);
    cluster.onAnswer = async () => {
      three.isReached = false;
      throw new MoonpoolError('CONNECTION_LOST', { message: 'it was cut', executed: 'maybe' });
    };
    const error = await failureOf(one.directory.register(cluster.registrationAt(one, actor, 'x')));
    expect(error).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'maybe' });
  });

  it('gives up soon to remove a registration, which is not restored all the same', async () => {
    const actor = actorOf(three);
    await one.directory.register(cluster.registrationAt(one, actor, 'x'));
    three.isReached = false;
    const begin = cluster.now;
    expect(await failureOf(one.directory.unregister(actor, 'x'))).to.include({ code: 'STORAGE_UNAVAILABLE' });
    expect(cluster.now - begin).to.be.within(1_000, 1_500);
    cluster.change(three, 'dead');
    await cluster.settle();
    expect(await two.directory.lookup(actor)).to.equal(undefined);
  });

  it('is not answered for by a node that has lost its lease', async () => {
    const actor = actorOf(three);
    await one.directory.register(cluster.registrationAt(one, actor, 'x'));
    three.isLeaseHeld = false;
    expect(await failureOf(one.directory.lookup(actor))).to.include({ code: 'STORAGE_UNAVAILABLE' });
    expect(await failureOf(three.directory.lookup(actor))).to.include({ code: 'STORAGE_UNAVAILABLE' });
  });

  it('takes no range over without a lease, and restores what was handed over meanwhile when it has one again', async () => {
    const actors = Array.from({ length: 200 }, (_, index) => `shop/Cart/${index}`);
    for (const actor of actors) await two.directory.register(cluster.registrationAt(two, actor, `x/${actor}`));
    const four = cluster.join();
    four.isLeaseHeld = false;
    await cluster.settle();
    expect(held(four)).to.include({ held: 0 });
    expect(held(four).owned).to.be.within(180, 330);
    four.isLeaseHeld = true;
    await cluster.settle();
    expect(held(four).held).to.equal(held(four).owned);
    for (const actor of actors) expect((await one.directory.lookup(actor))?.activation).to.equal(`x/${actor}`);
  });

  it('has no range handed over by a node without a lease: whoever takes it over waits until there is one again', async () => {
    three.isLeaseHeld = false;
    const four = cluster.join();
    await cluster.settle();
    expect(held(four).held).to.be.lessThan(held(four).owned);
    three.isLeaseHeld = true;
    await cluster.settle();
    expect(held(four).held).to.equal(held(four).owned);
  });

  it('drops what was handed over of a node that has died on the way', async () => {
    const actors = Array.from({ length: 200 }, (_, index) => `shop/Cart/${index}`);
    for (const actor of actors) await three.directory.register(cluster.registrationAt(three, actor, `x/${actor}`));
    const mayArrive = new Deferred<void>();
    cluster.onAnswer = async (method, from) => {
      if (method.startsWith('tell') && from.id.name === 'n4') await mayArrive.promise;
    };
    const four = cluster.join();
    await cluster.settle();
    cluster.change(three, 'dead');
    await cluster.settle();
    mayArrive.resolve();
    await cluster.settle();
    for (const actor of actors) expect(await four.directory.lookup(actor), actor).to.equal(undefined);
  });

  it('takes nothing for known that it asked for before it lost a range and got it back', async () => {
    // Of the third node, then of the second one, then of the fourth, then of the second one again.
    const ownedBy = (names: readonly string[], actor: string): string | undefined =>
      new RangeOwners({
        version: 1,
        members: cluster.view.members.filter(({ name }) => names.includes(name)),
      }).ownerOf(rangeOf(actor))?.name;
    const four = cluster.join();
    const actor = Array.from({ length: 1_000 }, (_, index) => `shop/Cart/${index}`).find(
      (each) =>
        ownedBy(['n1', 'n2', 'n3'], each) === 'n3' &&
        ownedBy(['n1', 'n2'], each) === 'n2' &&
        ownedBy(['n1', 'n2', 'n4'], each) === 'n4',
    ) as string;
    cluster.change(four, 'leaving');
    await cluster.settle();
    await one.directory.register(cluster.registrationAt(one, actor, 'x'));
    const answers: Deferred<void>[] = [];
    cluster.onAnswer = async (method, from, to) => {
      if (method === 'ask' || from !== two || to !== one) return;
      const mayArrive = new Deferred<void>();
      answers.push(mayArrive);
      await mayArrive.promise;
    };
    cluster.change(three, 'dead');
    await cluster.settle();
    expect(answers.length, 'asked at first').to.be.greaterThan(0);
    const early = answers.splice(0);
    cluster.change(four, 'active');
    await cluster.settle();
    await one.directory.unregister(actor, 'x');
    await two.directory.register(cluster.registrationAt(two, actor, 'y'));
    cluster.change(four, 'dead');
    await cluster.settle();
    for (const answer of early) answer.resolve();
    await cluster.settle();
    cluster.onAnswer = async () => undefined;
    for (const answer of answers) answer.resolve();
    await cluster.settle();
    expect((await two.directory.lookup(actor))?.activation).to.equal('y');
  });

  it('waits for an owner that has not seen any view, and cannot read one', async () => {
    const four = cluster.join();
    const later = new RangeOwners(cluster.view);
    const actors = Array.from({ length: 100 }, (_, index) => `shop/Cart/${index}`);
    const actor = actors.find((path) => later.isOwner(four.id, rangeOf(path))) ?? '';
    four.isStoreAway = true;
    one.look();
    const looked = one.directory.lookup(actor);
    for (let turn = 0; turn < 20; turn++) await moment();
    four.isStoreAway = false;
    await cluster.settle();
    expect(await looked).to.equal(undefined);
  });

  it('refuses requests that make no sense, and stays as it is', async () => {
    const service = (request: unknown) => cluster.service(one).ask(request);
    for (const request of [
      undefined,
      'x',
      { view: -1, operations: [] },
      { view: 1, operations: {} },
      { view: 1, operations: [null] },
      { view: 1, operations: [{ does: 'destroy', actor: 'a/b/c' }] },
      { view: 1, operations: [{ does: 'register', actor: 'a/b/c', candidate: { activation: 'x' } }] },
      { view: 1, operations: [{ does: 'unregister', actor: 'a/b/c' }] },
    ])
      expect(await failureOf(service(request))).to.include({ code: 'INVALID_OPTION' });
    for (const request of [
      { name: 'n2', incarnation: 2, view: 3, ranges: [1] },
      { name: 'n2', incarnation: 2, view: 3, ranges: '' },
      { name: 'n2', incarnation: 2, view: 3, ranges: `${new RangeSet([1]).toString()}AAAA` },
      { name: 'n2', view: 3, ranges: new RangeSet([1]).toString() },
    ])
      expect(await failureOf(cluster.service(one).tell(request))).to.include({ code: 'INVALID_OPTION' });
    // Somebody who owns nothing is told nothing.
    const all = new RangeSet(Array.from({ length: 1_024 }, (_, range) => range)).toString();
    const answer = await cluster
      .service(one)
      .tell({ name: 'n9', incarnation: 9, view: 3, ranges: all, restores: true });
    const none = new RangeSet().toString();
    expect(answer).to.deep.equal({ view: 3, whole: none, own: none, registrations: [] });
    expect(held(one).held).to.equal(held(one).owned);
  });
});

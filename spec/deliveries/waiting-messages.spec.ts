import { expect } from 'chai';
import { WaitingMessages } from '../../lib/deliveries/waiting-messages';

const message = (target: string, name: string) => ({ target, name });
type Message = ReturnType<typeof message>;
const anybody = (): boolean => true;

describe('Messages that wait', () => {
  const namesOf = (waiting: WaitingMessages<Message>, now: number, mayBegin: (actor: string) => boolean) => {
    const names: string[] = [];
    for (let next = waiting.next(now, mayBegin); next !== undefined; next = waiting.next(now, mayBegin))
      names.push(next.name);
    return names;
  };

  it('go on in the order of each actor, and actors in turn', () => {
    const waiting = new WaitingMessages<Message>(100);
    for (const name of ['a1', 'a2', 'b1', 'a3', 'c1']) waiting.add(message(name.slice(0, 1), name), 10);
    expect(namesOf(waiting, 0, anybody)).to.deep.equal(['a1', 'b1', 'c1', 'a2', 'a3']);
    expect(waiting.isEmpty).to.equal(true);
  });

  it('do not wait for those to an actor that may have none', () => {
    const waiting = new WaitingMessages<Message>(100);
    for (const name of ['a1', 'a2', 'b1']) waiting.add(message(name.slice(0, 1), name), 10);
    expect(namesOf(waiting, 0, (actor) => actor !== 'a')).to.deep.equal(['b1']);
    expect(namesOf(waiting, 0, anybody)).to.deep.equal(['a1', 'a2']);
  });

  it('are left to others when they have waited too long, or when there is no room for them', () => {
    const waiting = new WaitingMessages<Message>(100);
    for (let index = 0; index < 200; index++) waiting.add(message('a', `a${index}`), 10);
    waiting.add(message('b', 'b0'), 30);
    expect(namesOf(waiting, 20, anybody)).to.deep.equal(['b0']);
    for (let index = 0; index < 200; index++) waiting.add(message('a', `a${index}`), 40);
    expect(namesOf(waiting, 20, anybody)).to.deep.equal(Array.from({ length: 89 }, (_, index) => `a${index}`));
    waiting.add(message('a', 'a9'), 40);
    waiting.clear();
    expect(namesOf(waiting, 20, anybody)).to.deep.equal([]);
  });
});

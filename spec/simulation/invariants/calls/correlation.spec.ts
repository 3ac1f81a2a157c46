import { expect } from 'chai';
import { Correlation } from '../../../../lib/simulation/invariants/calls/correlation';
import { verdictOf, type Line } from '../history-fixture';

const call = (id = 'c1'): Line => ['call', { call: id }];
const start = (id = 'c1'): Line => ['turn-start', { call: id, activation: 'a', turn: 1 }, 'node2'];
const end = (outcome = 'ok', id = 'c1'): Line => ['turn-end', { call: id, outcome }, 'node2'];
const answered = (id = 'c1'): Line => ['call-end', { call: id, outcome: 'ok' }];
const recalled = (outcome = 'ok', id = 'c1'): Line => ['answer-recalled', { call: id, outcome }, 'node2'];
const failed = (executed: string, id = 'c1'): Line => ['call-end', { call: id, outcome: 'error', executed }];

const verdict = (...lines: readonly Line[]) => verdictOf(new Correlation(), lines);

describe('Correlation', () => {
  it('holds for a call that is answered by its turn, one that fails, and one that is sent one way', () => {
    expect(verdict(call(), start(), end(), answered())).to.equal(undefined);
    expect(verdict(call(), start(), end('error'), failed('yes'))).to.equal(undefined);
    expect(verdict(call(), failed('maybe'), start(), end())).to.equal(undefined);
    expect(verdict(call(), failed('no'), call('c2'), start('c2'), end('ok', 'c2'), answered('c2'))).to.equal(undefined);
    expect(verdict(['send', { call: 'c1' }], start(), end())).to.equal(undefined);
  });

  it('holds for a call that is answered as another one of its key was, whoever waits for it by then', () => {
    expect(verdict(call(), recalled(), answered())).to.equal(undefined);
    expect(verdict(call(), recalled('error'), failed('yes'))).to.equal(undefined);
    expect(verdict(call(), failed('maybe'), recalled())).to.equal(undefined);
    expect(verdict(call(), failed('no'), recalled())).to.equal(undefined);
  });

  it('is broken by an answer for its key of a call that had a turn, and by another answer than that', () => {
    expect(verdict(call(), start(), recalled())).to.contain('answered for another one of its key');
    expect(verdict(call(), recalled(), start())).to.contain('a second turn began');
    expect(verdict(call(), recalled('error'), answered())).to.contain("is 'error'");
  });

  it('is broken by a second turn, and by a turn or an answer of a call that nobody made', () => {
    expect(verdict(call(), start(), end(), start())).to.contain('a second turn began for the call c1');
    expect(verdict(start())).to.contain('which nobody made');
    expect(verdict(answered())).to.contain('which nobody made');
  });

  it('is broken by a call that ends twice, or begins twice', () => {
    expect(verdict(call(), start(), end(), answered(), failed('maybe'))).to.contain('which is over');
    expect(verdict(call(), failed('maybe'), failed('maybe'))).to.contain('ended twice');
    expect(verdict(call(), call())).to.contain('begun twice');
  });

  it('is broken by an answer without a turn that ended so', () => {
    expect(verdict(call(), answered())).to.contain('never began');
    expect(verdict(call(), start(), answered())).to.contain("is 'running'");
  });

  it('is broken where a caller learns that its call was not executed, and a turn runs before or after', () => {
    expect(verdict(call(), start(), failed('no'))).to.contain('a turn had begun');
    expect(verdict(call(), failed('no'), start())).to.contain('which is over');
  });
});

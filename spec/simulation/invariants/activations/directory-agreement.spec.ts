import { expect } from 'chai';
import { DirectoryAgreement } from '../../../../lib/simulation/invariants/activations/directory-agreement';
import { verdictOf, type Line } from '../history-fixture';

const register = (activation: string, holder: string, replaces?: string): Line => [
  'directory-register',
  { activation, holder, replaces },
];
const unregister = (activation: string): Line => ['directory-unregister', { activation }];
const activate = (activation: string, node = 'node1'): Line => ['activate', { activation }, node];
const start = (activation: string, node = 'node1'): Line => ['turn-start', { activation, turn: 1 }, node];

const everybody = () => true;
const verdict = (holdsLease: (node: string) => boolean, ...lines: readonly Line[]) =>
  verdictOf(new DirectoryAgreement(holdsLease), lines);

describe('Directory agreement', () => {
  it('holds when the registered activation serves, also after it took the place of another', () => {
    expect(verdict(everybody, register('a', 'a'), activate('a'), start('a'))).to.equal(undefined);
    expect(verdict(everybody, register('a', 'a'), register('b', 'a'), start('a'))).to.equal(undefined);
    expect(verdict(everybody, register('a', 'a'), register('b', 'b', 'a'), activate('b', 'node2'))).to.equal(undefined);
    expect(verdict(everybody, register('a', 'a'), unregister('a'), register('b', 'b'), start('b'))).to.equal(undefined);
    expect(verdict(everybody, register('a', 'a'), unregister('x'), start('a'))).to.equal(undefined);
  });

  it('is broken by an activation that serves while the directory names another, or none', () => {
    expect(verdict(everybody, register('a', 'a'), register('b', 'b', 'a'), start('a'))).to.contain(
      'a of bank/Account/alice began a turn while the directory has b',
    );
    expect(verdict(everybody, activate('a'))).to.contain('became active while the directory has none');
    expect(verdict(everybody, register('a', 'a'), unregister('a'), start('a'))).to.contain('the directory has none');
  });

  it('says nothing of a node that has lost its lease: its actors may be elsewhere already', () => {
    expect(verdict((node) => node !== 'node1', register('a', 'a'), register('b', 'b', 'a'), start('a'))).to.equal(
      undefined,
    );
  });

  it('is broken by a directory that gives a registration away, or names who never had it', () => {
    expect(verdict(everybody, register('a', 'a'), register('b', 'b'))).to.contain('while a holds the registration');
    expect(verdict(everybody, register('a', 'a'), register('c', 'b', 'a'))).to.contain('the directory answered b');
  });
});

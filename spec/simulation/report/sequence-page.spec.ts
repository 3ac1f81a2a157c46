import { expect } from 'chai';
import { createContext, runInContext } from 'node:vm';
import { PAGE_SCRIPT } from '../../../lib/simulation/report/sequence-page-parts';
import { SequenceLayout } from '../../../lib/simulation/report/sequence-layout';
import { SequencePage } from '../../../lib/simulation/report/sequence-page';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';

type Said = readonly [node: string, name: TimelineEvent['name'], fields?: TimelineEvent['fields']];

function eventsOf(...said: readonly Said[]): readonly TimelineEvent[] {
  return said.map(([node, name, fields = {}], index) => {
    return { sequence: index + 1, at: index, node, generation: node === '' ? 0 : 1, name, fields };
  });
}

const TURN = { actor: 'shop/Cart/ann', activation: 'n1#1/1', turn: 1, call: 'c#1:1' };
const WRITE = { actor: 'shop/Cart/ann', epoch: 1 };

/** A call that is executed and written, and one whose node dies in the midst of it. */
const RUN = eventsOf(
  ['n1', 'boot'],
  ['c1', 'call', { call: 'c#1:1', actor: TURN.actor, method: 'add' }],
  ['n1', 'turn-start', TURN],
  ['n1', 'persist', { ...WRITE, version: 0 }],
  ['', 'store-write-accepted', { ...WRITE, version: 0, by: 'n1.1' }],
  ['n1', 'persist-ack', { ...WRITE, version: 1 }],
  ['n1', 'turn-end', { ...TURN, outcome: 'ok' }],
  ['c1', 'call-end', { call: 'c#1:1', outcome: 'ok' }],
  ['c1', 'call', { call: 'c#1:2', actor: TURN.actor, method: 'add' }],
  ['n1', 'turn-start', { ...TURN, turn: 2, call: 'c#1:2' }],
  ['n1', 'death', { how: 'process' }],
  ['c1', 'call-end', { call: 'c#1:2', outcome: 'error' }],
  ['n1', 'boot'],
);

const page = (events: readonly TimelineEvent[], more: Partial<Parameters<SequencePage['html']>[0]> = {}): string => {
  const picture = new SequencePage();
  for (const event of events) picture.add(event);
  return picture.html({ title: 'Cart adds, seed 1', facts: '13 events', faults: new Map(), ...more });
};

describe('A run as a sequence diagram', () => {
  const layout = new SequenceLayout();
  for (const event of RUN) layout.add(event);

  it('has a lane for the world, one for the store, and one for each machine as it comes', () => {
    expect(layout.lanes).to.deep.equal(['world', 'store', 'n1', 'c1']);
    expect(layout.rows.map(({ lane }) => lane)).to.deep.equal([2, 3, 2, 2, 1, 2, 2, 3, 3, 2, 2, 3, 2]);
  });

  it('has arrows for calls, answers and writes, and none back from what was never answered', () => {
    expect(layout.arrows.map(({ kind, from, to }) => [kind, from, to])).to.deep.equal([
      ['call', 1, 2],
      ['write', 3, 4],
      ['acknowledgement', 4, 5],
      ['answer', 6, 7],
      ['call', 8, 9],
    ]);
  });

  it('has bars for turns, also for those that end with their machine or do not end, and gaps where that is down', () => {
    expect(layout.turns.map(({ from, to, outcome }) => [from, to, outcome])).to.deep.equal([
      [2, 6, 'ok'],
      [9, 10, 'died'],
    ]);
    expect(layout.outages).to.deep.equal([{ lane: 2, from: 10, to: 12 }]);
    const open = new SequenceLayout();
    for (const event of RUN.slice(0, 4)) open.add(event);
    expect(open.turns.map(({ from, to, outcome }) => [from, to, outcome])).to.deep.equal([[2, 3, 'unfinished']]);
  });
});

describe('The page of a run', () => {
  it('holds all of its events, its faults and its end, and loads nothing', () => {
    const html = page(RUN, { faults: new Map([['clog', 3]]), failure: 'Error: money is missing\n    at bank.ts:7' });
    expect(html.match(/<g class="row /g)).to.have.length(RUN.length);
    expect(html).to.contain('<p>faults: clog 3</p>').and.to.contain('<a class="failed" href="#end">FAILED</a>');
    expect(html).to.contain('<pre class="failed">Error: money is missing\n    at bank.ts:7</pre>');
    expect(html).to.contain("default-src 'none'");
    expect(html).not.to.match(/(?:src|href)="(?!#)/);
    expect(page(RUN)).to.contain('<b class="passed">passed</b>').and.not.to.contain('FAILED');
  });

  it('takes whatever a run says for text', () => {
    const evil = eventsOf(['n1', 'call', { call: '"><script>alert(1)</script>', actor: "a'b&c\u0000" }]);
    const html = page(evil, { title: '<b>seed</b>', failure: '</pre><script>alert(2)</script>' });
    expect(html.match(/<script>/g)).to.have.length(1);
    expect(html).to.contain('a&#39;b&amp;c\\u{0}').and.to.contain('&lt;b&gt;seed&lt;/b&gt;');
  });

  it('keeps the last events when there are too many, and says how many are missing', () => {
    const picture = new SequencePage(5);
    for (const event of RUN) picture.add(event);
    const html = picture.html({ title: 'long', facts: '', faults: new Map() });
    expect(html.match(/<g class="row /g)).to.have.length(5);
    expect(html).to.contain('The first 8 events are left out.');
  });

  it('finds what is searched for, goes from one to the next, and shows together what belongs to a call', () => {
    const rows = ['one fault', 'two calls', 'a fault'].map(
      (text) => new Item(text, text.includes('fault') ? 'x' : 'y'),
    );
    const [search, found, run] = [new Item(''), new Item(''), new Item('')];
    const document = {
      querySelectorAll: (selector: string) => (selector === '.same' ? rows.filter((row) => row.has('same')) : rows),
      getElementById: (id: string) => (id === 'search' ? search : found),
      querySelector: () => run,
    };
    runInContext(PAGE_SCRIPT, createContext({ document }));
    search.value = ' FAULT ';
    search.tell('input', {});
    expect(rows.map((row) => [row.has('hit'), row.has('miss')])).to.deep.equal([
      [true, false],
      [false, true],
      [true, false],
    ]);
    expect(found.textContent).to.equal('2 found; Enter for the next');
    search.tell('keydown', { key: 'Enter' });
    search.tell('keydown', { key: 'Enter' });
    expect([found.textContent, rows.map((row) => row.has('now'))]).to.deep.equal(['2 of 2', [false, false, true]]);
    run.tell('click', { target: { closest: () => rows[0] } });
    expect(rows.map((row) => row.has('same'))).to.deep.equal([true, false, true]);
  });
});

/** As much of an element as the page uses. */
class Item {
  value = '';
  readonly dataset: { readonly call: string };
  private readonly classes = new Set<string>();
  private readonly listeners = new Map<string, (event: object) => void>();
  readonly classList = {
    toggle: (name: string, isOn: boolean): unknown => (isOn ? this.classes.add(name) : this.classes.delete(name)),
    add: (name: string): unknown => this.classes.add(name),
    remove: (name: string): unknown => this.classes.delete(name),
  };

  constructor(
    public textContent: string,
    call = '',
  ) {
    this.dataset = { call };
  }

  has(name: string): boolean {
    return this.classes.has(name);
  }

  scrollIntoView(): void {}

  addEventListener(name: string, listener: (event: object) => void): void {
    this.listeners.set(name, listener);
  }

  tell(name: string, event: object): void {
    this.listeners.get(name)?.(event);
  }
}

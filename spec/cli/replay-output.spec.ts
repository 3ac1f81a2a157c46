import { expect } from 'chai';
import { ActorFilter } from '../../lib/cli/actor-filter';
import { ReplayOutput } from '../../lib/cli/replay-output';
import type { TimelineEvent } from '../../lib/simulation/timeline/timeline';

let sequence = 0;
const event = (name: TimelineEvent['name'], fields: TimelineEvent['fields'] = {}, node = 'node1'): TimelineEvent => ({
  sequence: ++sequence,
  at: 1,
  node,
  generation: 1,
  name,
  fields,
});

// oxlint-disable-next-line no-control-regex -- the codes of colours begin with a control character
const COLOUR = /\u001b\[\d+m/g;

/** What is printed, without colours, and of events their names alone. */
function printed(play: (output: ReplayOutput) => void, filter?: ActorFilter): readonly string[] {
  const lines: string[] = [];
  const output = new ReplayOutput((line) => lines.push(line), filter);
  play(output);
  output.flush();
  return lines
    .map((line) => line.replace(COLOUR, ''))
    .map(
      (line) =>
        /^ +\d+ +\S+s +\S+ +(.*)$/.exec(line)?.[1]?.trim().replace(/ +/g, ' ') ?? line.trim().replace(/ +/g, ' '),
    );
}

describe('The output of a replay', () => {
  it('shows values below the event that they go with', () => {
    const lines = printed((output) => {
      output.event(event('turn-start', { actor: 's/A/a' }));
      output.value({ actor: 's/A/a', what: 'arguments', of: 'deposit', read: () => [{ amount: 5 }] });
      output.event(event('turn-end', { actor: 's/A/a' }));
      output.value({ actor: 's/A/a', what: 'error', of: 'deposit', read: () => new RangeError('too much').message });
    });
    expect(lines).to.deep.equal([
      'turn-start actor=s/A/a',
      'arguments [ { amount: 5 } ]',
      'turn-end actor=s/A/a',
      "error 'too much'",
    ]);
  });

  it('shows a state before and after each write that the store accepts, and none that it refuses', () => {
    const write = { actor: 's/A/a', epoch: 1 };
    const lines = printed((output) => {
      for (const [version, balance] of [
        [0, 5],
        [1, 7],
        [1, 9],
      ] as const) {
        output.event(event('persist', { ...write, version }));
        output.value({ actor: 's/A/a', what: 'written', of: 'account', read: () => ({ balance }) });
        if (balance !== 7) output.event(event('store-write-accepted', { ...write, version }, ''));
      }
    });
    expect(lines.filter((line) => line.startsWith('state'))).to.deep.equal([
      'state account nothing -> { balance: 5 }',
      'state account { balance: 5 } -> { balance: 9 }',
    ]);
  });

  it('tells of a fault what became known after it had struck', () => {
    const lines = printed((output) => {
      const fault = event('fault', { name: 'attrition #1' }, '');
      output.event(fault);
      fault.told = { node: 'node2', how: 'crashes', forMs: 1_500 };
      output.event(event('death', {}, 'node2'));
    });
    expect(lines).to.deep.equal(['fault name=attrition #1: node2 crashes and is back after 1,500 ms', 'death']);
  });

  it('lives with values that cannot be shown, and cuts those that are too long', () => {
    const lines = printed((output) => {
      output.event(event('turn-end'));
      output.value({
        actor: 's/A/a',
        what: 'result',
        of: 'x',
        read: () => {
          throw new Error('gone');
        },
      });
      output.value({
        actor: 's/A/a',
        what: 'result',
        of: 'x',
        read: () => Array.from({ length: 20 }, () => 'a long text that is repeated again and again'),
      });
    });
    expect(lines[1]).to.equal('result cannot be shown: gone');
    expect(lines[2]).to.match(/\.\.\. \(\d+ letters\)$/);
  });
});

describe('A replay of one actor', () => {
  const filter = (): ActorFilter => new ActorFilter('A/a');

  it('shows its events, with or without its namespace, and what befalls processes', () => {
    const show = (output: ReplayOutput): void => {
      output.event(event('call', { actor: 's/A/a' }));
      output.event(event('call', { actor: 's/A/ab' }));
      output.event(event('call', { actor: 's/B/A/a' }));
      output.event(event('lease-renewed', {}));
      output.event(event('death', {}));
    };
    expect(printed(show, filter())).to.deep.equal(['call actor=s/A/a', 'death']);
    expect(printed(show, new ActorFilter('s/A/a'))).to.deep.equal(['call actor=s/A/a', 'death']);
  });

  it('shows the faults of the machines where it was, and those that may strike any', () => {
    const lines = printed((output) => {
      output.event(event('fault', { name: 'loss node1>node2 #1' }, ''));
      output.event(event('activate', { actor: 's/A/a' }, 'node2'));
      output.event(event('fault', { name: 'loss node1>node2 #2' }, ''));
      output.event(event('fault', { name: 'loss node1>node3 #1' }, ''));
      output.event(event('fault', { name: 'store-slow node2/write #1' }, ''));
      output.event(event('fault', { name: 'attrition #1' }, ''));
    }, filter());
    expect(lines.map((line) => /^fault name=([^:]*)|^\S+/.exec(line)?.[1] ?? 'activate')).to.deep.equal([
      'activate',
      'loss node1>node2 #2',
      'store-slow node2/write #1',
      'attrition #1',
    ]);
  });

  it('names the nearest that there was when it never did anything', () => {
    const missing = filter();
    printed((output) => output.event(event('call', { actor: 's/A/b' })), missing);
    expect(missing.complaint).to.equal('No event was of the actor A/a: did you mean A/b?');
    expect(filter().complaint).to.equal('No event was of the actor A/a: no actor did anything');
  });
});

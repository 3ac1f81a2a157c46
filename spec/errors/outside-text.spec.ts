import { expect } from 'chai';
import { IsString } from 'class-validator';
import { Actor, ActorRuntime, Handler, memory } from 'moonpool';
import { isVisible, outsideText, visible } from '../../lib/errors/outside-text';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { PlainPeer } from '../wire/plain-peer';

/** What hostile texts are made of: a line break, terminal codes of both kinds, marks of direction, letters without width, half a letter. */
const UNSEEN = [
  '\n',
  '\r',
  '\u0000',
  '\u001b[2K',
  '\u009b2K',
  '\u007f',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u061c',
  '\u200b',
  '\ufeff',
  '\u00ad',
  '\ud800',
  '\u{e0041}',
];

describe('A text from outside', () => {
  it('has nothing in it that cannot be seen, and stays as it is otherwise', () => {
    for (const mark of UNSEEN) {
      const shown = visible(`a${mark}b`);
      expect(isVisible(`a${mark}b`), JSON.stringify(mark)).to.equal(false);
      expect(isVisible(shown), JSON.stringify(mark)).to.equal(true);
      expect(shown).to.match(/^a\\.*b$/);
    }
    for (const text of ['plain', 'naïve 日本 👩‍👩‍👧', 'نام‌ها', '']) expect(visible(text)).to.equal(text);
  });

  it('is cut, and says how long it was', () => {
    expect(outsideText('x'.repeat(66_000))).to.equal(`${'x'.repeat(200)}... (66000 letters)`);
    expect(outsideText('\u001b'.repeat(66_000)).length).to.be.below(2_000);
    expect(outsideText('short')).to.equal('short');
  });

  it('can be quoted by an error, whose own lines stay lines', () => {
    const error = new MoonpoolError('INVALID_OPTION', {
      message: 'Two things:\n  first \u001b[31mred\n  second \u202eback',
    });
    expect(error.message.split('\n').slice(0, 3)).to.deep.equal([
      'INVALID_OPTION: Two things:',
      '  first \\u{1b}[31mred',
      '  second \\u{202e}back',
    ]);
    expect(error.detail.split('\n').every(isVisible)).to.equal(true);
  });
});

class Note {
  @IsString() text!: string;
}

@Actor({ name: 'Reader' })
class Reader {
  @Handler() async read(note: Note): Promise<string> {
    return note.text;
  }
}

describe('What a caller has made up', () => {
  it('is visible and short in the errors that it gets, and in those that others read of it', async () => {
    const node = await ActorRuntime.start({
      namespace: 'spec',
      actors: [Reader],
      modules: [memory()],
      inProcess: false,
    });
    const peer = await PlainPeer.greet(node.address, {
      role: 1,
      cluster: 'spec',
      name: 'guest',
      incarnation: 7,
      address: '',
    });
    try {
      const forged = '\u001b[2K\n2026 moonpool warn: forged\u202e';
      peer.request('spec/Reader/r', 'read', {
        correlation: 1,
        args: JSON.stringify([{ text: 'x', [`${forged}${'k'.repeat(50_000)}`]: 1 }]),
      });
      peer.request('spec/Reader/r', `none\u202e${'n'.repeat(200)}`, { correlation: 2 });
      peer.request(`spec/${'t'.repeat(60_000)}/r`, 'read', { correlation: 3 });
      peer.request(`spec/Reader/${forged}`, 'read', { correlation: 4 });
      peer.request('spec/Reader/r', 'read', { correlation: 5, args: JSON.stringify([{ $: forged.repeat(1_000) }]) });
      for (let waited = 0; peer.messages.length < 5 && waited < 400; waited++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      const errors = peer.messages.map((message) => message.toString('utf8', 9));
      expect(errors).to.have.length(5);
      for (const error of errors) {
        expect(error).to.contain('"code":"');
        expect(error.length).to.be.below(8_000);
        // Each of its fields as it would be read.
        for (const text of Object.values(JSON.parse(error) as Record<string, unknown>))
          expect(isVisible(String(text)), error).to.equal(true);
      }
    } finally {
      peer.leave();
      await node.shutdown();
    }
  });
});

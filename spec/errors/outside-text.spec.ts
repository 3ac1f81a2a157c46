import { expect } from 'chai';
import { isVisible, outsideText, visible } from '../../lib/errors/outside-text';
import { MoonpoolError } from '../../lib/errors/moonpool-error';

/** What hostile texts are made of: a line break, terminal codes of both kinds, marks of direction, letters without width, half a letter. */
const UNSEEN = ['\n', '\r', '\u0000', '\u001b[2K', '\u009b2K', '\u007f', '\u2028', '\u2029', '\u202e', '\u2066', '\u200f', '\u061c', '\u200b', '\ufeff', '\u00ad', '\ud800', '\u{e0041}'];

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
    const error = new MoonpoolError('INVALID_OPTION', { message: 'Two things:\n  first \u001b[31mred\n  second \u202eback' });
    expect(error.message.split('\n').slice(0, 3)).to.deep.equal(['INVALID_OPTION: Two things:', '  first \\u{1b}[31mred', '  second \\u{202e}back']);
    expect(error.detail.split('\n').every(isVisible)).to.equal(true);
  });
});

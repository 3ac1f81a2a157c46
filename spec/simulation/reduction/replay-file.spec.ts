import { expect } from 'chai';
import { formatReplay, parseReplay } from '../../../lib/simulation/reduction/replay-file';

const replay = {
  node: 'v20.0.0',
  file: 'dist/bank.js',
  className: 'Bank',
  method: 'works',
  recipe: { seed: 17, only: ['attrition #1'], reseeds: [{ atEvent: 3, seed: 4 }] },
  hash: '0123456789abcdef',
  failure: 'it broke',
};

describe('A replay file', () => {
  it('keeps all that is needed to run a run again', () => {
    expect(parseReplay(formatReplay(replay), 'r.json')).to.deep.equal({ format: 1, ...replay });
  });

  it('is refused when something is missing or of another kind, naming the file and what was found', () => {
    const refused = (change: object, why: RegExp) =>
      expect(() => parseReplay(JSON.stringify({ format: 1, ...replay, ...change }), 'r.json')).to.throw(why);
    refused({ format: 9 }, /INVALID_OPTION: r\.json is no replay file: its format is 9/);
    refused({ file: 3 }, /its file is missing/);
    refused({ recipe: { seed: 'x' } }, /no seed/);
    refused({ recipe: { seed: 1, only: [4] } }, /no list of names/);
    refused({ recipe: { seed: 1, reseeds: [{}] } }, /reseeds/);
    expect(() => parseReplay('{', 'r.json')).to.throw(/r\.json is no replay file/);
    expect(() => parseReplay('null', 'r.json')).to.throw(/holds no object/);
  });
});

import { expect } from 'chai';
import { CALL_OPTIONS } from '../../lib/actor/call-options';
import { DELIVER_OPTIONS } from '../../lib/actor/deliver-options';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import { ActorId } from '../../lib/identity/actor-id';
import { localName } from '../../lib/local-actors/local-options';
import { label, text } from '../../lib/options/option-kind';
import { isWellFormed } from '../../lib/options/well-formed-text';
import { STORED_ACTORS_QUERY } from '../../lib/runtime/stored-actors';
import { isNamedStorage, storageName } from '../../lib/storage/named-storages';

const SPOILED = ['\ud800', 'a\udfff', '\udc00\ud800', 'x\ud83dy', '\ud83d\ud83d\ude00'];
const WHOLE = ['a', 'é', '\u{1f600}', 'x\u{1f600}y', '\ufffd', '日本'];

describe('A text by which something is known', () => {
  it('is of whole letters, for halves of them would all become the same bytes', () => {
    for (const name of WHOLE) expect(isWellFormed(name), name).to.equal(true);
    for (const name of SPOILED) {
      expect(isWellFormed(name)).to.equal(false);
      expect(Buffer.from(name).toString()).not.to.equal(name);
    }
  });

  it('is looked at as such wherever options take one', () => {
    for (const kind of [label(200), text('a name'), localName, storageName]) {
      for (const name of WHOLE) expect(kind.admits?.(name), name).to.equal(true);
      for (const name of SPOILED) {
        expect(kind.admits?.(name)).to.equal(false);
        const [mistake] = kind.mistakesIn(name, { door: 'spec', path: 'name' });
        expect(mistake?.message).to.include('without halves of letters');
      }
    }
    expect(isNamedStorage({ name: '\ud800', module: { name: 'm', load: () => undefined } })).to.equal(false);
  });

  it('is refused as the key of a call, the id of a message, a beginning of keys and a part of an actor id', () => {
    for (const name of SPOILED) {
      const refusals = [
        () => CALL_OPTIONS.check('$with', { idempotencyKey: name }),
        () => DELIVER_OPTIONS.check('$deliver', { id: name }),
        () => STORED_ACTORS_QUERY.check('actors', { prefix: name }),
        () => STORED_ACTORS_QUERY.check('actors', { after: name }),
      ];
      for (const refused of refusals)
        expect(refused)
          .to.throw(/^INVALID_OPTION: .*halves of letters/)
          .that.satisfies(isMoonpoolError);
      expect(() => ActorId.of('spec', 'Type', name)).to.throw(/^INVALID_ACTOR_ID: .*lone surrogate/);
    }
  });
});

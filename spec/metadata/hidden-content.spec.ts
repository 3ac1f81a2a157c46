import { expect } from 'chai';
import { hidingOf } from '../../lib/metadata/hidden-content';

/** A class by its source text, as compilers and minifiers leave it. */
function classOf(source: string): object {
  return (new Function(`return (${source})`)() as { readonly prototype: object }).prototype;
}

describe('Private fields of a class', () => {
  const hasPrivateFields = (source: string): boolean => hidingOf(classOf(source))?.isPrivate === true;

  it('are found wherever they stand, and whatever stands around them', () => {
    for (const source of [
      'class A { #s = 5; a = 1; get s() { return this.#s } }',
      'class A { #s; a = 1 }',
      'class A { a = 1\n #s\n b = 2 }',
      'class A { a = 1\n #s\n [String(1)] = 2 }',
      'class A { "x" \n #s = 1; a = 1 }',
      'class A { ["x"] = 1; #s = 5 }',
      'class A { get x() { return 1 } #s = 5 }',
      'class A { a = 1; /* c */ #s /* d */ = 5; }',
      'class A { a = 1; #s // x\n = 5; }',
      'class A { #ünï = 5; a = 1; }',
      'class A { #\\u0061b = 5; a = 1; }',
      'class extends (class B { #s = 5; b = 1 }) { a = 1 }',
    ])
      expect(hasPrivateFields(source), source).to.equal(true);
  });

  it('are found beside texts, templates and regular expressions that look like comments or texts', () => {
    for (const source of [
      "class A{re=1;static q=/'/;#s=5;name='x';get s(){return this.#s}}",
      "class A { esc(t) { return t.replace(/'/g, 1); } #s = 5; name = 'x'; }",
      'class A { fence(t) { return /`/.test(t); }\n  #s = 5;\n a = 1;\n line() { return `x`; } }',
      'class A { ok(u) { return /^https?:\\/\\//.test(u); } #s = 5; a = 1; }',
      'class A { ok(u) { return /[/*]/.test(u); }\n #s = 5; a = 1; /* note */ }',
      'class A { a = `a${`b`}c`; #s = 5; }',
      "class A { a = `it's`; #s = 5; }",
      "class A { t(x) { return `${x ? `'` : ''}` } #s = 5; b = 'y'; }",
    ])
      expect(hasPrivateFields(source), source).to.equal(true);
  });

  it('are found where a compiler has made something else of them', () => {
    for (const body of [
      '__privateAdd(this, _s, 5)',
      '_classPrivateFieldInitSpec(this, _s, 5)',
      '_class_private_field_init(this, _s, 5)',
      '__classPrivateFieldSet(this, _s, 5, "f")',
    ])
      expect(hasPrivateFields(`class A { constructor() { ${body}; this.a = 1; } }`), body).to.equal(true);
  });

  it('are not seen where there are none: in texts, and in what belongs to the class', () => {
    for (const source of [
      "class A { colour = '#fff;'; link = '#top = 1'; note = `\n#s;` /* #s = 1; */ }",
      'class A { matches(t) { return /;#s = 1;/.test(t) } }',
      'class A { a = 1; static #made = 1; static count() { return A.#made } }',
      'class A { a = 1; #half() { return this.a / 2 } get #b() { return 1 } set #b(v) {} half() { return this.#half() + this.#b } }',
      'class A { a = 1; #x() {} is(o) { return #x\n in o } }',
    ])
      expect(hidingOf(classOf(source)), source).to.equal(undefined);
  });
});

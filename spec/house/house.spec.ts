import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { ERROR_CATALOGUE } from '../../lib/errors/catalogue';
import { findAmbientUses } from './ambient';
import { findCycles } from './cycles';
import { compareWithPage, listedNames } from './documentation';
import { findFloorMistakes } from './floors';
import { findKindQuestions } from './kinds';
import { findDeadLinks } from './links';
import { findHomonyms } from './homonyms';
import { findNameMistakes } from './names';
import { findUnusedWords } from './words';
import { findUnguardedLooks } from './ways-of-errors';
import { exportsOf, ROOT, sourceFiles, type SourceFile } from './source-file';

/** What can be imported by name. */
const DOORS = [
  'assertions',
  'contracts',
  'index',
  'local',
  'modules',
  'msgpack',
  'postgres',
  'prometheus',
  'rpc',
  'simulation',
].map((name) => `${name}.ts`);

const page = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const file = (path: string, source: string): SourceFile => ({ path, source });

/** All pages of a folder. */
function pagesBelow(folder: string): readonly string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.md')).map((name) => posix.join(folder, name.replaceAll('\\', '/')));
}

function expectNone(mistakes: readonly string[]): void {
  expect(mistakes, `\n${mistakes.join('\n')}\n`).to.have.length(0);
}

describe('The house', () => {
  const library = sourceFiles('lib', 'decorators', ...DOORS);
  const pages = ['README.md', 'CONTRIBUTING.md', ...pagesBelow('docs')].map((path) => file(path, page(path)));
  const everything = [...library, ...sourceFiles('samples', 'bench', 'spec')];

  it('has imports that go downwards only, through public doors where there are such', () => {
    expectNone(findFloorMistakes(everything));
  });

  it('has no import cycle, types included', () => {
    expectNone(findCycles(everything));
  });

  it('touches time, randomness, timers, network and files only where the real world lives', () => {
    expectNone(findAmbientUses(library));
  });

  it('puts what was thrown into words in one place, which never throws itself', () => {
    expectNone(findUnguardedLooks(library));
  });

  it('asks for the kind of an actor only where a table says what for', () => {
    expectNone(findKindQuestions(library));
  });

  it('has names that say what they mean, and files of one concept', () => {
    expectNone(findNameMistakes(everything));
  });

  it('says things by the standard words of the field, in code and on its pages', () => {
    expectNone(findUnusedWords([...everything, ...pages]));
  });

  it('has pages whose links lead somewhere', () => {
    expectNone(findDeadLinks(pages));
  });

  it('has no two things of one name in different rooms', () => {
    expectNone(findHomonyms(library));
  });

  it('exports exactly what docs/api.md describes', () => {
    const exported = [...new Set(sourceFiles(...DOORS).flatMap(exportsOf))];
    expectNone(compareWithPage('export', 'docs/api.md', exported, listedNames(page('docs/api.md'))));
  });

  it('has an error catalogue that is docs/errors.md, and raises every code of it', () => {
    const codes = Object.keys(ERROR_CATALOGUE);
    expectNone(compareWithPage('error', 'docs/errors.md', codes, listedNames(page('docs/errors.md'))));
    const sources = library.filter(({ path }) => path !== 'lib/errors/catalogue.ts').map(({ source }) => source);
    const neverRaised = codes.filter((code) => !sources.some((source) => source.includes(`'${code}'`)));
    expectNone(neverRaised.map((code) => `The error ${code} is raised nowhere: remove it from the catalogue.`));
  });
});

describe('The rules of the house', () => {
  it('see an import that goes upwards, and name both rooms', () => {
    const [mistake] = findFloorMistakes([file('lib/errors/a.ts', "import type { X } from '../wire/packet';")]);
    expect(mistake).to.contain('lib/wire is not below lib/errors');
  });

  it('see who asks what was thrown by themselves', () => {
    const source =
      'try { f(); } catch (error) { if (error instanceof Error) log(String(error)); else log(`${error}`); }';
    expect(findUnguardedLooks([file('lib/wire/a.ts', source)])).to.have.length(3);
  });

  it('see an import of a later room on the same floor', () => {
    expect(findFloorMistakes([file('lib/metadata/a.ts', "export { x } from '../wire/packet';")])).to.have.length(1);
    expect(findFloorMistakes([file('lib/wire/a.ts', "import { x } from '../metadata/discovery';")])).to.have.length(0);
  });

  it('see closed doors: packages of one room, decorators, and samples that look inside', () => {
    const mistakes = findFloorMistakes([
      file('lib/runtime/a.ts', "import { container } from 'tsyringe';"),
      file('lib/runtime/b.ts', "import { Actor } from '../../decorators/actor';"),
      file('decorators/c.ts', "import { World } from '../lib/simulation/engine/world';"),
      file('samples/x/d.ts', "import { World } from '../../lib/simulation/engine/world';"),
      file('lib/attic/e.ts', "import { a } from './b';"),
    ]);
    expect(mistakes).to.have.length(5);
  });

  it('see a cycle and print it as a path, also when it is made of types', () => {
    const cycles = findCycles([
      file('lib/a/b.ts', "import type { X } from './c';"),
      file('lib/a/c.ts', "import { y } from './d';"),
      file('lib/a/d.ts', "export type { Z } from './b';"),
    ]);
    expect(cycles).to.deep.equal(['lib/a/b.ts -> lib/a/c.ts -> lib/a/d.ts -> lib/a/b.ts']);
  });

  it('see every way to the surrounding world, and nothing in types and property names', () => {
    const guilty = [
      'Date.now()',
      'new Date()',
      'Math.random()',
      'setTimeout(f, 1)',
      'const later = setImmediate;',
      'process.env',
      'new WeakRef(o)',
      'performance.now()',
      'f(crypto)',
    ];
    for (const source of guilty) expect(findAmbientUses([file('lib/wire/a.ts', source)]), source).to.have.length(1);
    expect(findAmbientUses([file('lib/wire/a.ts', "import { readFile } from 'node:fs';")])).to.have.length(1);
    const innocent = [
      'x instanceof Date',
      'new Date(5)',
      'let d: Date;',
      'options.process',
      '({ performance: 1 })',
      'Math.max(1, 2)',
      'interface P { crypto: Date }',
    ];
    for (const source of innocent) expect(findAmbientUses([file('lib/wire/a.ts', source)]), source).to.have.length(0);
    expect(findAmbientUses([file('lib/providers/node/a.ts', 'setTimeout(f, Date.now())')])).to.have.length(0);
  });

  it('see who asks for the kind of an actor, and who no longer does', () => {
    expect(
      findKindQuestions([
        file('lib/timers/a.ts', 'if (id.isStatic) f();'),
        file('lib/turns/b.ts', 'const { keepsOrder } = descriptor.addressing;'),
        file('lib/addressing/c.ts', 'export const HASHED: Addressing = { ...VIRTUAL, maxPerNode: 1 };'),
        file('lib/calls/call.ts', ''),
      ]),
    ).to.have.length(3);
  });

  it('would say that a link leads nowhere', () => {
    const links = 'See [a](docs/a.md), [b](docs/a.md#two-words), [c](docs/a.md#three) and [d](docs/d.md).';
    const found = findDeadLinks([file('README.md', links), file('docs/a.md', '# A\n\n## Two words\n')]);
    expect(found).to.deep.equal([
      'README.md links to the heading #three of docs/a.md, which is not there.',
      'README.md links to docs/d.md, which is not there: ](docs/d.md)',
    ]);
  });

  it('would say that somebody has a word of their own for what has one', () => {
    const lines = 'a call takes another road\nit is made anew\n/** Broadcasts say roadmap. */';
    expect(findUnusedWords([file('lib/calls/call.ts', lines)])).to.deep.equal([
      "lib/calls/call.ts:1 says 'road': say route or connection.",
      "lib/calls/call.ts:2 says 'anew': say again.",
    ]);
  });

  it('see names that say nothing, files that swell and things left undone', () => {
    const mistakes = findNameMistakes([
      file('lib/wire/packetUtils.ts', ''),
      file('lib/utils/packet.ts', ''),
      file('lib/wire/long.ts', '\n'.repeat(400)),
      file('lib/wire/undone.ts', `// ${'TO'}DO: later`),
    ]);
    expect(mistakes).to.have.length(4);
  });

  it('see an import that goes upwards inside of the house of the simulation, and none of another room there at will', () => {
    const upwards = file('lib/simulation/engine/a.ts', "import type { Fence } from '../fence/fence';");
    expect(findFloorMistakes([upwards])[0]).to.contain('lib/simulation/fence is not below lib/simulation/engine');
    expect(findFloorMistakes([file('lib/simulation/attic/a.ts', '')])).to.have.length(1);
    expect(
      findFloorMistakes([file('lib/simulation/fence/a.ts', "import type { B } from '../engine/b';")]),
    ).to.have.length(0);
  });

  it('see two things of one name in different rooms, files too, and no name that is handed on', () => {
    const homonyms = findHomonyms([
      file('lib/wire/a.ts', 'export const size = 1;'),
      file('lib/rpc/b.ts', 'export function size() {}'),
      file('lib/rpc/c.ts', "export { size } from './b';"),
      file('lib/calls/b.ts', 'export const other = 1;'),
    ]);
    expect(homonyms).to.have.length(2);
  });

  it('see what is missing on a page, and what a page describes that does not exist', () => {
    const found = compareWithPage(
      'export',
      'docs/api.md',
      ['a', 'b'],
      listedNames('- `b`: two\n- `c`: three\n- `c`: again\n'),
    );
    expect(found).to.have.length(3);
  });
});

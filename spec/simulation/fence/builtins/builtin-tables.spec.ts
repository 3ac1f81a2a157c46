import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { BUILTIN_MODULES, WHOLE_MODULES } from '../../../../lib/simulation/fence/builtins/builtin-modules';
import { BUILTIN_OBJECTS, OPEN_OWNERS } from '../../../../lib/simulation/fence/builtins/builtin-objects';
import { functionsOf, namesOn, type BuiltinOwner } from '../../../../lib/simulation/fence/ambient/builtin-owner';

const ALL = [...BUILTIN_MODULES, ...BUILTIN_OBJECTS];

const listsOf = ({ pure, answered, refused }: BuiltinOwner): readonly string[] => [
  ...namesOn(pure),
  ...namesOn(answered),
  ...namesOn(refused),
];

/** Names that a process has which nobody has added anything to: a test runner has globals of its own. */
function inBareProcess(expression: string): readonly string[] {
  const script = `process.stdout.write(JSON.stringify(${expression}))`;
  return JSON.parse(
    execFileSync(process.execPath, ['--no-warnings', '-e', script], { encoding: 'utf8', env: {} }),
  ) as string[];
}

describe('The tables of the fence', () => {
  it('know every module of this Node.js, or say why nothing of it is looked at', () => {
    const known = new Set([...BUILTIN_MODULES.map(({ name }) => name), ...Object.keys(WHOLE_MODULES)]);
    const modules = builtinModules
      .map((name) => name.replace(/^node:/, ''))
      .filter((name) => !name.startsWith('_') && !name.startsWith('internal'));
    expect(
      modules.filter((name) => !known.has(name)),
      'decide in lib/simulation/fence/builtins/builtin-modules',
    ).to.deep.equal([]);
  });

  for (const owner of ALL.filter((candidate) => !OPEN_OWNERS.has(candidate.owner))) {
    it(`know every function of ${owner.name}, and refuse those that this Node.js may yet bring`, () => {
      const listed = new Set(listsOf(owner));
      const unknown = functionsOf(owner.owner).filter((name) => !listed.has(name) && !name.startsWith('_'));
      expect(
        unknown,
        `decide in the tables of lib/simulation/fence what becomes of these functions of ${owner.name}`,
      ).to.deep.equal([]);
    });
  }

  it('know every global of this Node.js', () => {
    const listed = new Set(BUILTIN_OBJECTS.filter(({ owner }) => owner === globalThis).flatMap(listsOf));
    const globals = inBareProcess('Object.getOwnPropertyNames(globalThis)');
    expect(
      globals.filter(
        (name) =>
          !listed.has(name) &&
          !['module', 'exports', 'require', '__filename', '__dirname', 'gc'].includes(name) &&
          !builtinModules.includes(name),
      ),
    ).to.deep.equal([]);
  });

  it('know every function of the process', () => {
    const listed = new Set(BUILTIN_OBJECTS.filter(({ owner }) => owner === process).flatMap(listsOf));
    const functions = inBareProcess(
      "Object.getOwnPropertyNames(process).filter((name) => typeof Object.getOwnPropertyDescriptor(process, name).value === 'function')",
    );
    expect(functions.filter((name) => !listed.has(name) && !name.startsWith('_'))).to.deep.equal([]);
  });

  it('ask this Node.js for nothing that it warns of', () => {
    const tables = join(__dirname, '../../../../lib/simulation/fence');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '-e',
        `const { BUILTIN_MODULES } = require('${tables}/builtins/builtin-modules');
         const { BUILTIN_OBJECTS, OPEN_OWNERS } = require('${tables}/builtins/builtin-objects');
         const { functionsOf } = require('${tables}/ambient/builtin-owner');
         const all = [...BUILTIN_MODULES, ...BUILTIN_OBJECTS].filter(({ owner }) => !OPEN_OWNERS.has(owner));
         process.stdout.write(String(all.flatMap(({ owner }) => functionsOf(owner)).length > 500));`,
      ],
      { encoding: 'utf8', env: {} },
    );
    expect({ status, stdout, stderr }).to.deep.equal({ status: 0, stdout: 'true', stderr: '' });
  });

  it('put each function on one list only', () => {
    const twice = ALL.flatMap((owner) =>
      listsOf(owner)
        .filter((name, index, all) => all.indexOf(name) !== index)
        .map((name) => `${owner.name}.${name}`),
    );
    expect(twice).to.deep.equal([]);
  });
});

import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { MoonpoolError } from 'moonpool';
import { checkAppendLists } from 'moonpool/simulation';
import { HistoryFile, mergeHistories } from './history-file';

describe('The histories of processes', () => {
  let folder: string;
  let files: HistoryFile[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-histories-'));
    files = [];
  });
  afterEach(() => {
    for (const file of files) file.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(name: string) {
    const path = join(folder, name);
    const file = new HistoryFile(path);
    files.push(file);
    const ask = <T>(operation: string, argument: unknown, call: () => Promise<T>) =>
      file.record({ client: name, operation, key: 'list-0', argument }, async () => ({
        result: await call(),
        witness: undefined,
      }));
    return { path, ask };
  }

  const refuse = (executed: 'no' | 'maybe') => (): Promise<never> =>
    Promise.reject(new MoonpoolError('CALL_TIMEOUT', { message: 'too late', executed }));

  it('become one, in the order in which things happened, with what each was answered', async () => {
    const [one, other] = [open('one'), open('other')];
    await one.ask('append', 'a', async () => undefined);
    await other.ask('read', undefined, async () => ['a']);
    await one.ask('append', 'b', refuse('no'));
    await other.ask('append', 'c', refuse('maybe'));
    const { history, operations } = mergeHistories([other.path, one.path]);
    expect(history.operations.map(({ client, operation, outcome }) => [client, operation, outcome])).to.deep.equal([
      ['one', 'append', 'ok'],
      ['other', 'read', 'ok'],
      ['one', 'append', 'failed'],
      ['other', 'append', 'unknown'],
    ]);
    expect(operations.map(({ answer, code }) => code ?? answer)).to.deep.equal([
      'ok',
      'ok',
      'CALL_TIMEOUT',
      'CALL_TIMEOUT',
    ]);
    expect(checkAppendLists(history.operations)).to.have.property('kind', 'holds');
  });

  it('show the checkers what was acknowledged and is gone, also when one process wrote it and another one reads', async () => {
    const [one, other] = [open('one'), open('other')];
    await one.ask('append', 'a', async () => undefined);
    await other.ask('read', undefined, async () => []);
    expect(checkAppendLists(mergeHistories([one.path, other.path]).history.operations).kind).to.equal('violated');
  });

  it('leave open what a process that was killed had under way, and half a line', async () => {
    const one = open('one');
    void one.ask('append', 'a', () => new Promise(() => undefined));
    appendFileSync(one.path, '{"id":0,"at":1');
    const { history, operations } = mergeHistories([one.path]);
    expect(operations.map(({ answer }) => answer)).to.deep.equal(['open']);
    expect(history.operations[0]?.outcome).to.equal('unknown');
  });
});

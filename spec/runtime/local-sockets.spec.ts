import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, memory } from 'moonpool';
import { Transport } from '../../lib/transport/transport';
import { sqlite } from '../../lib/modules/sqlite';

@Actor({ name: 'Echo' })
class Echo {
  @Handler()
  async say(word: string): Promise<string> {
    return word;
  }
}

describe('Nodes of one machine with a folder for their sockets', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moonpool-sockets-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are called over Unix sockets, say so, and leave no socket behind', async () => {
    const parts = { namespace: 'spec', actors: [Echo], modules: [sqlite({ file: join(folder, 'spec.db') })] };
    const node = await ActorRuntime.start({
      ...parts,
      name: 'n1',
      inProcess: false,
      transport: { localSocketFolder: folder },
    });
    const client = await ActorRuntime.connect({ ...parts, inProcess: false, transport: { localSocketFolder: folder } });
    try {
      expect(await client.actor(Echo, 'a').say('hello')).to.equal('hello');
      expect(client.service(Transport).describe().outgoing[node.address]).to.deep.include({
        state: 'connected',
        link: 'unix',
      });
    } finally {
      await client.shutdown();
      await node.shutdown();
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.sock'))).to.deep.equal([]);
  });

  it('refuse a folder that is none, by name', async () => {
    const wrong: unknown = 7;
    let refused: unknown;
    try {
      await ActorRuntime.start({
        namespace: 'spec',
        actors: [Echo],
        modules: [memory()],
        transport: { localSocketFolder: wrong as string },
      });
    } catch (error) {
      refused = error;
    }
    expect(refused).to.have.property('code', 'INVALID_OPTION');
  });
});

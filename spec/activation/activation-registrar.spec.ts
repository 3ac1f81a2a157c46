import { expect } from 'chai';
import { ActivationRegistrar } from '../../lib/activation/activation-registrar';
import { MemoryDirectory } from '../../lib/directory/memory-directory';

describe('Registering an activation', () => {
  const HOLDER = { actor: 'n/T/k', activation: 'x', node: { name: 'other', incarnation: 1 }, address: '10.0.0.1:1' };
  const local = { node: { name: 'here', incarnation: 2 }, address: '10.0.0.2:1' };

  /** @param seesDeath whether a look at the store shows that the holder is dead. */
  async function register(seesDeath: boolean, fails = false): Promise<string> {
    let isLive = true;
    const membership = {
      isLive: () => isLive,
      refresh: async (): Promise<void> => {
        if (fails) throw new Error('the store is away');
        isLive = !seesDeath;
      },
    };
    const directory = new MemoryDirectory();
    await directory.register(HOLDER);
    const registrar = new ActivationRegistrar(directory, membership, local);
    const present = await registrar.register(HOLDER.actor, 'y');
    expect(present).to.equal(HOLDER);
    return (await registrar.contend(HOLDER.actor, 'y', present)).activation;
  }

  it('takes the place of one on a node that has died, also where that was not known yet', async () => {
    expect(await register(true)).to.equal('y');
  });

  it('leaves the place to one on a node that lives, or that may live', async () => {
    expect(await register(false)).to.equal('x');
    expect(await register(true, true)).to.equal('x');
  });
});

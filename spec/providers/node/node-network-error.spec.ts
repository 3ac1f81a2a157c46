import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, memory } from 'moonpool';

@Actor({ name: 'Listening' })
class Listening {
  @Handler() async ask(): Promise<void> {}
}

describe('An address at which nobody can listen', () => {
  const failureAt = async (listen: string): Promise<Error> =>
    ActorRuntime.start({
      namespace: 'spec',
      name: 'n',
      actors: [Listening],
      modules: [memory()],
      listen,
      security: { insecure: true },
    }).then(
      () => expect.fail('it listens'),
      (error: Error) => error,
    );

  it('is told by why that is so, and what to do', async () => {
    // An address of those that are for documentation alone: https://datatracker.ietf.org/doc/html/rfc5737
    const error = await failureAt('192.0.2.1:0');
    expect(error).to.include({ code: 'CONNECTION_FAILED', executed: 'no' });
    expect(error.message).to.contain(
      'Listening on 192.0.2.1:0 failed: no network interface of this machine has that address (EADDRNOTAVAIL). Listen on an address of this machine',
    );
  });
});

import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, memory, sqlite, type StartOptions } from 'moonpool';
import { failureOf } from '../activation/cluster-fixture';

@Actor({ name: 'A' })
class Echo {
  @Handler() async echo(): Promise<void> {}
}

/** What stands in place of options, and what is said of it. */
const WRONG: readonly (readonly [what: string, options: object, message: string])[] = [
  [
    'a number that is none',
    { lease: { ttlMs: Number.NaN } },
    'INVALID_OPTION: The option lease.ttlMs of ActorRuntime.start must be a number of milliseconds from 30; NaN was given. Give the option a value of the kind named in the message.',
  ],
  [
    'a bigint for a number',
    { messaging: { maxForwards: 5n } },
    'INVALID_OPTION: The option messaging.maxForwards of ActorRuntime.start must be a whole number from 0; 5n was given. Give the option a value of the kind named in the message.',
  ],
  [
    'a number for a group',
    { transport: 5 },
    'INVALID_OPTION: The option transport of ActorRuntime.start must be an object of options; 5 was given. Give the option a value of the kind named in the message.',
  ],
  [
    'a misspelt option',
    { messaging: { maxPendingCall: 5 } },
    "INVALID_OPTION: There is no option messaging.maxPendingCall of ActorRuntime.start; did you mean 'maxPendingCalls'? The options of messaging are callTimeoutMs, maxPendingCalls, maxForwards, locationCacheCapacity.",
  ],
  [
    'an option that does not exist',
    { lease: { colour: 5 } },
    'INVALID_OPTION: There is no option lease.colour of ActorRuntime.start. The options of lease are ttlMs, isolationMs.',
  ],
  [
    'a number for the address',
    { listen: 8080 },
    'INVALID_ADDRESS: The option listen of ActorRuntime.start cannot work: the address 8080 is no text. Write host:port, [ipv6]:port or unix:/path/to/socket.',
  ],
  [
    'an object for a list',
    { observers: { Echo } },
    'INVALID_OPTION: The option observers of ActorRuntime.start must be a list of observer classes; an object was given. Give the option a value of the kind named in the message.',
  ],
  [
    'a number for a folder',
    { transport: { localSocketFolder: 5 } },
    'INVALID_OPTION: The option transport.localSocketFolder of ActorRuntime.start must be the path of a folder; 5 was given. Give the option a value of the kind named in the message.',
  ],
  [
    'what may be a secret for an object',
    { security: 'my secret' },
    'INVALID_OPTION: The option security of ActorRuntime.start must be an object of options; a value of type string was given. Give the option a value of the kind named in the message.',
  ],
  [
    'a misspelt option of security',
    { security: { clusterSecrets: 'my secret' } },
    "INVALID_OPTION: There is no option security.clusterSecrets of ActorRuntime.start; did you mean 'clusterSecret'? The options of security are clusterSecret, tls, insecure.",
  ],
];

describe('An option that cannot be meant', () => {
  for (const [what, options, message] of WRONG) {
    it(`such as ${what} is named, with what was found and what may stand there`, async () => {
      const error = await failureOf(
        ActorRuntime.start({ namespace: 'spec', actors: [Echo], modules: [memory()], ...options } as StartOptions),
      );
      expect(error.message).to.equal(message);
    });
  }

  it('is not quoted when it may be a secret', async () => {
    const said: string[] = [];
    for (const clusterSecret of ['short secret', 5, [], ['short secret'], [5]]) {
      const error = await failureOf(
        ActorRuntime.start({
          namespace: 'spec',
          actors: [Echo],
          security: { clusterSecret },
        } as unknown as StartOptions),
      );
      said.push(/; (.*) was given\. Generate one with/.exec(error.message)?.[1] ?? error.message);
    }
    expect(said).to.deep.equal([
      'a shorter text',
      'a value of type number',
      'an empty list',
      'a shorter text',
      'a list of other things',
    ]);
  });

  it('of a module is named too', () => {
    expect(() => sqlite({ file: Buffer.from('x') as never })).to.throw(
      'INVALID_OPTION: The option file of sqlite must be the path of a file; an object of Buffer was given.',
    );
  });
});

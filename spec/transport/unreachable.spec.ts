import { expect } from 'chai';
import { MoonpoolError } from 'moonpool';
import { couldNotConnect } from '../../lib/transport/unreachable';

describe('An address that cannot be reached', () => {
  const messageFor = (code: 'CONNECTION_FAILED' | 'CONNECTION_REFUSED', message: string): string =>
    couldNotConnect({ kind: 'tcp', host: 'no.such.host', port: 1 }, new MoonpoolError(code, { message })).message;

  it('is told with what the system said where the code alone does not tell it, as of a name that nobody knows', () => {
    expect(messageFor('CONNECTION_FAILED', 'Connecting to no.such.host:1 failed (ENOTFOUND)')).to.contain(
      '(ENOTFOUND)',
    );
    expect(messageFor('CONNECTION_REFUSED', 'Connecting to no.such.host:1 failed (ECONNREFUSED)')).to.contain(
      'could be made (CONNECTION_REFUSED). ',
    );
  });
});

import Module from 'node:module';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { Pool } from 'pg';
import { postgres, preparePostgres, type PostgresOptions } from 'moonpool/postgres';

const CONNECTION = 'postgres://bank:hidden@db.example/bank';

/** What a log would show of the refusal. */
function refused(options: unknown): string {
  try {
    postgres(options as PostgresOptions);
  } catch (error) {
    return inspect(error, { depth: 9 });
  }
  return 'taken';
}

describe('The options of postgres', () => {
  it('take a text, an address by names, or a pool of the package pg as it is', () => {
    const pool = new Pool({ connectionString: CONNECTION });
    const address = {
      ...{ host: '/run/postgresql', port: 5_433, database: 'bank', user: 'bank', password: async () => 'hidden' },
      ssl: { ca: '' },
    };
    for (const options of [
      { connection: CONNECTION },
      { connection: 'postgresql:///bank?host=/run' },
      { connection: address },
      { pool },
    ])
      expect(refused({ ...options, schema: 'bank_2', durability: 'relaxed' })).to.equal('taken');
  });

  const WRONG: readonly (readonly [options: unknown, message: RegExp])[] = [
    [{}, /postgres takes either a connection or a pool; none of them was given/],
    [{ connection: CONNECTION, pool: new Pool() }, /both of them were given/],
    [CONNECTION, /postgres takes an object of options; a value of type string was given/],
    [{ connection: 'bank:hidden@db.example' }, /must be a text that begins with postgres:\/\/ or an object/],
    [{ connection: 'postgres://bank:hidden%@db.example/bank' }, /must be a text that begins with postgres:\/\//],
    [{ connection: 'postgres://bank:hidden@db.example:port/bank' }, /must be a text that begins with postgres:\/\//],
    [{ connection: { hostname: 'db', password: 'hidden' } }, /There is no option connection.hostname of postgres/],
    [{ connection: { port: 0 } }, /connection.port of postgres must be a whole number from 1 to 65535; 0/],
    [{ connection: { password: ['hidden'] } }, /connection.password of postgres must be a text or a function/],
    [{ connection: { ssl: 'hidden' } }, /connection.ssl of postgres must be true, false or options of TLS/],
    [{ pool: { max: 5 } }, /pool of postgres must be a Pool of the package pg/],
    [{ pool: new Pool({ max: 2 }) }, /The pool of postgres has 2 connections at most; 4 are needed/],
    [{ pool: new Pool(), poolSize: 5 }, /poolSize of postgres cannot be given with a pool. Set it on the pool/],
    [{ connection: CONNECTION, schema: 'Bank"; DROP' }, /schema of postgres must be a name of lower-case letters/],
    [{ connection: CONNECTION, schema: 'pg_bank' }, /schema of postgres must be a name/],
    [{ connection: CONNECTION, durability: 'none' }, /durability of postgres must be 'strict' or 'relaxed'/],
    [{ connection: CONNECTION, statementTimeoutMs: 0 }, /statementTimeoutMs of postgres must be a whole number from 1/],
  ];

  it('say what cannot work, and never quote what may be a password', () => {
    for (const [options, message] of WRONG) {
      const said = refused(options);
      expect(said)
        .to.match(/^MoonpoolError: INVALID_OPTION/)
        .and.match(message);
      expect(said).not.to.contain('hidden');
    }
  });

  it('are of no use without the package pg, which an error tells to install', async () => {
    const modules = Module as unknown as { _resolveFilename: (request: string, ...rest: unknown[]) => string };
    const resolve = modules._resolveFilename;
    // What another spec of this process has loaded would be found without being looked for.
    const path = require.resolve('pg');
    const loaded = require.cache[path];
    delete require.cache[path];
    modules._resolveFilename = (request, ...rest) => {
      if (request === 'pg') throw new Error("Cannot find module 'pg'");
      return resolve(request, ...rest);
    };
    try {
      const error = await preparePostgres({ connection: CONNECTION }).then(
        () => undefined,
        (failure: Error) => failure,
      );
      expect(error).to.include({ code: 'MISSING_PACKAGE' });
      expect(error?.message).to.contain('npm install pg');
    } finally {
      modules._resolveFilename = resolve;
      if (loaded !== undefined) require.cache[path] = loaded;
    }
  });
});

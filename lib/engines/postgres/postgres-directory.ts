import { DIRECTORY_OPERATIONS, type Registration } from '../../directory/actor-directory';
import { MoonpoolError } from '../../errors/moonpool-error';
import type { PostgresRow } from './postgres-driver';
import type { LaneWork } from './postgres-lane';
import type { PostgresTables } from './postgres-schema';
import { NO_RECORD } from './postgres-commit-parameters';
import { rowSeal, spoiledRow } from './postgres-seal';
import { statement, type PostgresSession, type Statement } from './postgres-session';
import { numberIn, textIn } from './postgres-values';

/** A registration that is asked for. */
export interface Candidate {
  readonly registration: Registration;
  /** The activation whose place it may take. */
  readonly replaces: string | undefined;
}

type Found = Registration | MoonpoolError;

/** How many times a registration is tried when others come and go meanwhile. */
const MAX_ATTEMPTS = 10;

export function lookups(tables: PostgresTables): LaneWork<string, Registration | undefined> {
  const find = lookupStatement(tables);
  return {
    operation: DIRECTORY_OPERATIONS.lookup,
    run: async (session, batch) => {
      const found = await lookUp(session, find, batch);
      return batch.map((actor) => found.get(actor));
    },
  };
}

/** Registrations; whoever was not registered is told who is. */
export function registrations(tables: PostgresTables): LaneWork<Candidate, Registration> {
  const find = lookupStatement(tables);
  // What it replaces stands in the row because only values of the row itself can be compared with that which is there.
  const register = statement(
    `INSERT INTO ${tables.of('registration')} AS r (actor, activation, replaces, node_name, node_incarnation, address, seal)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[])
     ON CONFLICT (actor) DO UPDATE SET activation = excluded.activation, replaces = excluded.replaces, node_name = excluded.node_name,
       node_incarnation = excluded.node_incarnation, address = excluded.address, seal = excluded.seal
     WHERE r.activation = excluded.replaces RETURNING r.actor`,
  );
  return {
    operation: DIRECTORY_OPERATIONS.register,
    keysOf: ({ registration }) => [registration.actor],
    run: async (session, batch) => {
      const holders = new Map<string, Found>();
      let open = [...batch].sort((a, b) => (a.registration.actor < b.registration.actor ? -1 : 1));
      for (let attempts = 0; open.length > 0; attempts++) {
        if (attempts === MAX_ATTEMPTS) throw tooMuchChange(open[0] as Candidate);
        const rows = await session.rows(register, registrationValues(open));
        const registered = new Set(rows.map((row) => textIn(row, 'actor')));
        for (const { registration } of open)
          if (registered.has(registration.actor)) holders.set(registration.actor, registration);
        open = open.filter(({ registration }) => !registered.has(registration.actor));
        // Who was in the way may be gone already.
        const present = await lookUp(
          session,
          find,
          open.map(({ registration }) => registration.actor),
        );
        for (const [actor, holder] of present) holders.set(actor, holder);
        open = open.filter(({ registration }) => !present.has(registration.actor));
      }
      return batch.map(({ registration }) => holders.get(registration.actor) as Found);
    },
  };
}

export function removals(
  tables: PostgresTables,
): LaneWork<{ readonly actor: string; readonly activation: string }, void> {
  const remove = statement(
    `DELETE FROM ${tables.of('registration')} r USING unnest($1::text[], $2::text[]) AS a(actor, activation)
     WHERE r.actor = a.actor AND r.activation = a.activation`,
  );
  return {
    operation: DIRECTORY_OPERATIONS.unregister,
    run: async (session, batch) => {
      const sorted = [...batch].sort((a, b) => (a.actor < b.actor ? -1 : 1));
      await session.rows(remove, [sorted.map(({ actor }) => actor), sorted.map(({ activation }) => activation)]);
      return batch.map(() => undefined);
    },
  };
}

function lookupStatement(tables: PostgresTables): Statement {
  return statement(
    `SELECT actor, activation, node_name, node_incarnation, address, seal FROM ${tables.of('registration')} WHERE actor = ANY($1::text[])`,
  );
}

async function lookUp(
  session: PostgresSession,
  find: Statement,
  actors: readonly string[],
): Promise<ReadonlyMap<string, Found>> {
  if (actors.length === 0) return new Map();
  const rows = await session.rows(find, [[...new Set(actors)]]);
  return new Map(rows.map((row) => [textIn(row, 'actor'), foundIn(row)]));
}

function foundIn(row: PostgresRow): Found {
  const found = {
    actor: textIn(row, 'actor'),
    activation: textIn(row, 'activation'),
    node: { name: textIn(row, 'node_name'), incarnation: numberIn(row, 'node_incarnation') },
    address: textIn(row, 'address'),
  };
  return numberIn(row, 'seal') === registrationSeal(found) ? found : spoiledRow(`registration of ${found.actor}`);
}

function registrationSeal({ actor, activation, node, address }: Registration): number {
  return rowSeal(NO_RECORD, actor, activation, node.name, node.incarnation, address);
}

function registrationValues(candidates: readonly Candidate[]): unknown[] {
  const all = candidates.map(({ registration }) => registration);
  return [
    all.map(({ actor }) => actor),
    all.map(({ activation }) => activation),
    candidates.map(({ replaces }) => replaces ?? null),
    all.map(({ node }) => node.name),
    all.map(({ node }) => node.incarnation),
    all.map(({ address }) => address),
    all.map(registrationSeal),
  ];
}

function tooMuchChange({ registration }: Candidate): MoonpoolError {
  return new MoonpoolError('STORAGE_UNAVAILABLE', {
    message: `${registration.actor} could not be registered: ${MAX_ATTEMPTS} times somebody else was, and was gone at once`,
    executed: 'no',
  });
}

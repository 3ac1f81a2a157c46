import { MoonpoolError } from '../../errors/moonpool-error';
import type { CommitOutcome, StateCommit } from '../../storage/state-commit';
import { STATE_OPERATIONS } from '../../storage/state-storage';
import { bytesOfCommit, commitParameters, keysOfCommit } from './postgres-commit-parameters';
import { commitStatement, type CommitShape } from './postgres-commit-statement';
import type { PostgresRow } from './postgres-driver';
import { isStalePlan, postgresFailure } from './postgres-failure';
import type { LaneWork } from './postgres-lane';
import type { PostgresTables } from './postgres-schema';
import { presentStateSeal, spoiledRow, stateSeal } from './postgres-seal';
import { statement, type PostgresSession, type Statement } from './postgres-session';
import { isTrue, numberIn, textIn } from './postgres-values';

type Outcome = CommitOutcome | MoonpoolError;

/** Commits: each is all or nothing, and one that is refused refuses no other. */
export function commits(tables: PostgresTables, cluster: string, place: string): LaneWork<StateCommit, CommitOutcome> {
  const writer = new CommitWriter(tables, cluster, place);
  return {
    operation: STATE_OPERATIONS.commit,
    keysOf: keysOfCommit,
    bytesOf: bytesOfCommit,
    // While the server works on one batch, this node makes another one ready.
    mostUnderWay: 2,
    run: (session, batch) => writer.write(session, batch),
  };
}

/** Commits that delete their actors: rare, and each a transaction of its own. */
export function destroyingCommits(
  tables: PostgresTables,
  cluster: string,
  place: string,
): LaneWork<StateCommit, CommitOutcome> {
  const writer = new CommitWriter(tables, cluster, place);
  return {
    operation: STATE_OPERATIONS.commit,
    keysOf: () => ['one at a time'],
    run: (session, batch) => Promise.all(batch.map((commit) => writer.destroy(session, commit))),
  };
}

class CommitWriter {
  private readonly present: Statement;
  private readonly held: Statement;
  private readonly emptied: readonly Statement[];
  /** One for each shape of a batch. */
  private readonly statements = new Map<string, Statement>();

  constructor(
    private readonly tables: PostgresTables,
    private readonly cluster: string,
    private readonly place: string,
  ) {
    const states = tables.of('actor_state');
    this.present = statement(
      `SELECT s.actor, s.epoch, s.version, s.write_id, s.seal = ${presentStateSeal('s')} AS is_sound FROM ${states} s WHERE s.actor = ANY($1::text[])`,
    );
    this.held = statement(
      `SELECT s.actor FROM ${states} s WHERE s.actor = $1 AND s.epoch = $2 AND s.version = $3 AND s.seal = ${presentStateSeal('s')} FOR UPDATE`,
    );
    const seal = stateSeal({
      ...{ actor: 'actor', epoch: 'epoch', version: 'version', writeId: 'write_id' },
      ...{ lastEvent: '0', answers: '0', upTo: 'NULL::bigint' },
    });
    this.emptied = [
      `UPDATE ${states} SET data = NULL, snapshot = NULL, snapshot_up_to = NULL, last_event = 0, answers = 0, repeated_answers = 0, seal = ${seal} WHERE actor = $1`,
      `DELETE FROM ${tables.of('actor_event')} WHERE actor = $1`,
      `DELETE FROM ${tables.of('actor_answer')} WHERE actor = $1`,
    ].map(statement);
  }

  async write(session: PostgresSession, batch: readonly StateCommit[]): Promise<readonly Outcome[]> {
    // Two batches that take their rows in one order do not wait for each other.
    const sorted = [...batch].sort((a, b) => (a.actor < b.actor ? -1 : 1));
    const { parts, values } = commitParameters(sorted, this.cluster);
    const outcomes = new Map<StateCommit, Outcome>();
    for (const row of await session.rows(this.statementFor(parts), values)) {
      const commit = sorted[numberIn(row, 'n')] as StateCommit;
      outcomes.set(commit, { kind: 'accepted', version: commit.version + 1 });
    }
    const refused = batch.filter((commit) => !outcomes.has(commit));
    if (refused.length > 0) await this.findReasons(session, refused, outcomes);
    return batch.map((commit) => outcomes.get(commit) as Outcome);
  }

  /** What there is of the actor goes first, if the commit will be accepted; its row is held until all is done. */
  destroy(session: PostgresSession, commit: StateCommit): Promise<Outcome> {
    return session.transact(async () => {
      const { actor, epoch, version } = commit;
      const isAccepted = (await session.rows(this.held, [actor, epoch, version])).length > 0;
      if (isAccepted) for (const step of this.emptied) await session.rows(step, [actor]);
      const [outcome] = await this.write(session, [commit]);
      return outcome as Outcome;
    });
  }

  private statementFor(shape: CommitShape): Statement {
    const key = JSON.stringify(shape);
    const made = this.statements.get(key) ?? commitStatement(this.tables, shape);
    this.statements.set(key, made);
    return made;
  }

  /** Why commits were refused; looked for afterwards, for nearly all are accepted. Others of the batch are done, whatever becomes of this. */
  private async findReasons(
    session: PostgresSession,
    refused: readonly StateCommit[],
    outcomes: Map<StateCommit, Outcome>,
  ): Promise<void> {
    try {
      const rows = await session.rows(this.present, [refused.map(({ actor }) => actor)]);
      const found = new Map(rows.map((row) => [textIn(row, 'actor'), row]));
      for (const commit of refused) outcomes.set(commit, reasonFor(commit, found.get(commit.actor)));
    } catch (error) {
      // On another connection all is asked once more, and what was accepted is known by its write id.
      if (isStalePlan(error)) throw error;
      const { code, detail, remedy } = postgresFailure(error, this.place, STATE_OPERATIONS.commit.does);
      const failure = new MoonpoolError(code, { message: detail, remedy, executed: 'no', cause: error });
      for (const commit of refused) outcomes.set(commit, failure);
    }
  }
}

function reasonFor(commit: StateCommit, row: PostgresRow | undefined): Outcome {
  if (row === undefined) return { kind: 'fenced', epoch: 0 };
  if (!isTrue(row, 'is_sound')) return spoiledRow(`state of ${commit.actor}`);
  const [epoch, version] = [numberIn(row, 'epoch'), numberIn(row, 'version')];
  if (epoch !== commit.epoch || version === commit.version) return { kind: 'fenced', epoch };
  return { kind: 'conflict', version, writeId: textIn(row, 'write_id') };
}

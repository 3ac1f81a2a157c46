import { isMoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { CoverageCount, CoverageEntries } from '../coverage/coverage';
import type { RunRecipe } from '../seed-run/run-recipe';
import type { SeedResult } from '../seed-run/seed-result';
import type { SimulationReport } from '../runner/simulation-report';

/** A failed run in a report for machines. */
export interface FailureRecord {
  readonly seed: number;
  readonly recipe: RunRecipe;
  readonly code?: string;
  readonly message: string;
  readonly virtualMs: number;
  readonly hash: string;
  /** How many faults had struck. */
  readonly faults: number;
  readonly replay: string;
}

/** What came of running one test, for machines. All but `realMs` depends on the seeds alone. */
export interface ReportRecord {
  readonly title: string;
  readonly passed: boolean;
  readonly seeds: number;
  readonly events: number;
  readonly virtualMs: number;
  /** The real time of all runs together, in milliseconds; on many threads they ran beside each other. */
  readonly realMs: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly staleCalls: number;
  /** What was counted of each assertion, by its name. */
  readonly coverage: Readonly<Record<string, Omit<CoverageCount, 'firstAt'>>>;
  readonly unfired: readonly string[];
  readonly failures: readonly FailureRecord[];
}

/** @param requiresCoverage whether a `sometimes` that never was true makes it fail. */
export function toRecord(report: SimulationReport, requiresCoverage: boolean): ReportRecord {
  const { title, seeds, events, virtualMs, realMs, faults, staleCalls, coverage, failures } = report;
  return {
    title,
    passed: seeds > 0 && failures.length === 0 && !(requiresCoverage && coverage.unfired.length > 0),
    seeds,
    events,
    virtualMs,
    realMs,
    faults: Object.fromEntries([...faults].sort(([a], [b]) => (a < b ? -1 : 1))),
    staleCalls,
    coverage: countsOf(coverage.entries),
    unfired: coverage.unfired,
    failures: failures.map((failure) => toFailure(failure, report)),
  };
}

function countsOf(entries: CoverageEntries): ReportRecord['coverage'] {
  return Object.fromEntries(
    entries.map(([name, { kind, looked, fired, closest, buckets }]) => [
      name,
      {
        kind,
        looked,
        fired,
        ...(closest === undefined ? {} : { closest }),
        ...(buckets === undefined ? {} : { buckets }),
      },
    ]),
  );
}

function toFailure(
  { seed, recipe, error, virtualMs, hash, struck }: SeedResult,
  report: SimulationReport,
): FailureRecord {
  return {
    seed,
    recipe,
    ...(isMoonpoolError(error) ? { code: error.code } : {}),
    message: messageOf(error),
    virtualMs,
    hash,
    faults: struck.length,
    replay: report.replayCommand(seed),
  };
}

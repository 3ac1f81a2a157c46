import type { Coverage, CoverageCount } from './coverage';

/** How many buckets a line names at most. */
const SHOWN_BUCKETS = 12;

/** The assertions of a run, or of many runs, one line each, for people. */
export function describeCoverage({ entries }: Coverage): readonly string[] {
  return entries.map(
    ([name, count]) =>
      `${verdictOf(count).padEnd(6)} ${name} (${countsOf(count)})${closenessOf(count)}${bucketsOf(count)}`,
  );
}

function verdictOf({ kind, looked, fired, buckets = [] }: CoverageCount): string {
  switch (kind) {
    case 'always':
    case 'always-or-unreachable':
      if (looked === 0) return 'NEVER';
      return fired === looked ? 'held' : 'BROKEN';
    case 'unreachable':
      return looked === 0 ? 'held' : 'BROKEN';
    case 'sometimes-each':
      return fired === 0 || buckets.some(([, seen]) => seen === 0) ? 'NEVER' : 'fired';
    case 'sometimes':
    case 'reachable':
      return fired === 0 ? 'NEVER' : 'fired';
  }
}

function countsOf({ kind, looked, fired }: CoverageCount): string {
  return kind === 'sometimes' || kind === 'always' || kind === 'always-or-unreachable'
    ? `${fired} of ${looked}`
    : `${looked} times`;
}

function closenessOf({ kind, closest, buckets }: CoverageCount): string {
  if (closest === undefined) return '';
  if (buckets !== undefined) return `; at most ${closest.value} of ${closest.limit} at once`;
  return `; ${kind === 'always' ? 'closest' : 'best'} ${closest.value}, limit ${closest.limit}`;
}

function bucketsOf({ buckets }: CoverageCount): string {
  if (buckets === undefined) return '';
  const missing = buckets.filter(([, seen]) => seen === 0).map(([bucket]) => bucket);
  const seen = buckets.filter(([, times]) => times > 0).map(([bucket, times]) => `${bucket} ${times}`);
  return `; ${[...(seen.length === 0 ? [] : [shorten(seen)]), ...(missing.length === 0 ? [] : [`NEVER ${shorten(missing)}`])].join('; ')}`;
}

function shorten(names: readonly string[]): string {
  return names.length <= SHOWN_BUCKETS
    ? names.join(', ')
    : `${names.slice(0, SHOWN_BUCKETS).join(', ')} and ${names.length - SHOWN_BUCKETS} more`;
}

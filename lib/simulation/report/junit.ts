import type { ReportRecord } from './report-record';

/**
 * Reports as JUnit XML, as build servers read it: a suite for each test, in it a case for each seed that failed, and one
 * for all that passed or for what they never saw.
 */
export function toJunit(reports: readonly ReportRecord[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...reports.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(report: ReportRecord): readonly string[] {
  const { title, seeds, failures, unfired, passed, realMs } = report;
  const unseen = failures.length === 0 && !passed;
  const cases = [
    ...failures.map(({ seed, code, message, replay }) =>
      caseLines(title, `seed ${seed}`, { type: code ?? 'Error', message: `${message}\nReplay: ${replay}` }),
    ),
    caseLines(
      title,
      `${seeds - failures.length} seeds pass`,
      unseen ? { type: 'coverage', message: `never true: ${unfired.join(', ')}` } : undefined,
    ),
  ];
  const failed = failures.length + (unseen ? 1 : 0);
  const seconds = (realMs / 1_000).toFixed(3);
  return [
    `  <testsuite name="${escape(title)}" tests="${cases.length}" failures="${failed}" errors="0" time="${seconds}">`,
    ...cases.flat(),
    '  </testsuite>',
  ];
}

function caseLines(
  title: string,
  name: string,
  failure: { readonly type: string; readonly message: string } | undefined,
): readonly string[] {
  const open = `    <testcase classname="${escape(title)}" name="${escape(name)}"`;
  if (failure === undefined) return [`${open}/>`];
  const [summary = ''] = failure.message.split('\n', 1);
  return [
    `${open}>`,
    `      <failure type="${escape(failure.type)}" message="${escape(summary)}">${escape(failure.message)}</failure>`,
    '    </testcase>',
  ];
}

/** What XML 1.0 cannot hold at all is replaced, the rest escaped. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

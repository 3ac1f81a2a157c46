import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT, type SourceFile } from './source-file';

const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g;
const CODE = /```[^]*?```|`[^`\n]*`/g;

/** Every link of a page that leads to no file, or to no heading of another page, as a sentence that names it. */
export function findDeadLinks(pages: readonly SourceFile[]): readonly string[] {
  const anchors = new Map(pages.map(({ path, source }) => [path, anchorsOf(source)]));
  return pages.flatMap(({ path, source }) =>
    [...source.replace(CODE, '').matchAll(LINK)].flatMap(([written, target = '', anchor]) => {
      const to = target === '' ? path : posix.join(posix.dirname(path), target);
      if (!anchors.has(to) && !existsSync(join(ROOT, to)))
        return [`${path} links to ${to}, which is not there: ${written}`];
      const known = anchors.get(to);
      const isDead = anchor !== undefined && known !== undefined && !known.has(anchor);
      return isDead ? [`${path} links to the heading #${anchor} of ${to}, which is not there.`] : [];
    }),
  );
}

/** The anchors of a page's headings, as the usual renderers make them. */
function anchorsOf(source: string): ReadonlySet<string> {
  const headings = source.replace(/```[^]*?```/g, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replace(/ /g, '-'),
    ),
  );
}

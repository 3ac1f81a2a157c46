/** Between two columns. */
const GAP = '  ';

/** Rows as lines whose columns stand below each other; the first row are the headings. Columns of figures stand to the right. */
export function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
  const [headings = [], ...body] = rows;
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const areFigures = headings.map(
    (_, column) => body.some((row) => isFigure(row[column])) && body.every((row) => isFigureOrNone(row[column])),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return areFigures[column] === true ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(GAP)
      .trimEnd(),
  );
}

function isFigure(cell: string | undefined): boolean {
  return /^[\d,.]+( ms)?$/.test(cell ?? '');
}

function isFigureOrNone(cell: string | undefined): boolean {
  return cell === undefined || cell === '' || isFigure(cell);
}

/** One line of the bench: what was measured beside its raw limit in the same run. */
export interface Figure {
  name: string;
  unit: string;
  ours: number;
  /** The raw limit; absent for a figure that stands alone. */
  raw?: number;
  rawIs?: string;
  failures: number;
}

const number = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** The figures as a Markdown table, as README.md shows it. */
export function formatFigures(figures: Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${number(figure.ours)} ${figure.unit}`,
    figure.raw === undefined ? '–' : `${number(figure.raw)} (${figure.rawIs})`,
    figure.raw === undefined ? '–' : (figure.ours / figure.raw).toFixed(2),
  ]);
  return [['measured', 'Sealroot', 'raw limit', 'ratio'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

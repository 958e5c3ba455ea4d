import type { CpuTime } from './cpu-time.js';

/** One line of the bench: what was measured beside its raw limit in the same run. */
export interface Figure {
  name: string;
  unit: string;
  ours: number;
  /** The raw limit; absent for a figure that stands alone. */
  raw?: number;
  rawIs?: string;
  failures: number;
  /** CPU time for one of what is counted, here and at the raw limit. */
  cpu?: { ours: CpuTime | null; raw: CpuTime | null };
}

const number = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** The figures as a Markdown table, as README.md shows it. */
export function formatFigures(figures: Figure[]): string {
  return formatTable(
    ['measured', 'Sealroot', 'raw limit', 'ratio'],
    figures.map((figure) => [
      figure.name,
      `${number(figure.ours)} ${figure.unit}`,
      figure.raw === undefined ? '–' : `${number(figure.raw)} (${figure.rawIs})`,
      figure.raw === undefined ? '–' : (figure.ours / figure.raw).toFixed(2),
    ]),
  );
}

/** Where the CPU time of one request or record goes, as a Markdown table: the same on a machine that has other work. */
export function formatCpu(figures: Figure[]): string {
  const cell = (cpu: CpuTime | null) =>
    cpu === null ? '–' : [cpu.load, cpu.server, cpu.database].map((us) => us.toFixed(1)).join(' + ');
  return formatTable(
    ['µs of CPU time each: load + server + PostgreSQL', 'Sealroot', 'raw limit'],
    figures.flatMap(({ cpu, name }) => (cpu === undefined ? [] : [[name, cell(cpu.ours), cell(cpu.raw)]])),
  );
}

function formatTable(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

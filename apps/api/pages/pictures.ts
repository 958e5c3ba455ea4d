import { html, type Html } from './html.js';

/** A point of a timeline. */
export interface Point {
  label: string;
  /** RFC 3339. */
  at: string;
  /** For its colour and shape: what the log says, what an anchor shows, what ended a record, this moment. */
  kind: 'said' | 'shown' | 'ended' | 'now';
}

const STEP = 44;
const RADIUS = 11;

/** Points in their order, not to scale; the numbers are those of the list below it. */
export function timelinePicture(points: readonly Point[], alternative: string): Html {
  const x = (i: number) => STEP * (i + 0.5);
  const now = points.findIndex(({ kind }) => kind === 'now');
  return html`<svg
    class="timeline"
    viewBox="0 0 ${STEP * points.length} ${STEP}"
    role="img"
    aria-label="${alternative}"
  >
    <path class="past" d="M${x(0)} 22H${x(now < 0 ? points.length - 1 : now)}" />
    <path class="future" d="M${x(Math.max(now, 0))} 22H${x(points.length - 1)}" />
    ${points.map(
      ({ kind }, i) =>
        html`<g class="point ${kind}"
          >${
            kind === 'shown'
              ? html`<rect x="${x(i) - RADIUS}" y="${22 - RADIUS}" width="22" height="22" rx="3" />`
              : html`<circle cx="${x(i)}" cy="22" r="${RADIUS}" />`
          }<text x="${x(i)}" y="26">${i + 1}</text></g
        >`,
    )}
  </svg>`;
}

/** A bar for each number, as high as its logarithm: batches differ by orders of magnitude. */
export function barsPicture(sizes: readonly number[], alternative: string): Html {
  const height = (size: number) => 4 + Math.round((Math.log10(Math.max(1, size)) / 6.1) * 56);
  const width = 960 / Math.max(sizes.length, 12);
  return html`<svg class="bars" viewBox="0 0 960 64" role="img" aria-label="${alternative}">
    ${sizes.map(
      (size, i) =>
        html`<rect
          x="${(i * width + 2).toFixed(1)}"
          y="${64 - height(size)}"
          width="${(width - 4).toFixed(1)}"
          height="${height(size)}"
          rx="2"
        />`,
    )}
  </svg>`;
}

/** How much of a whole is done. */
export function sharePicture(done: number, all: number, alternative: string): Html {
  const share = all === 0 ? 0 : Math.min(1, done / all);
  return html`<svg class="share" viewBox="0 0 200 10" role="img" aria-label="${alternative}" preserveAspectRatio="none">
    <rect class="all" width="200" height="10" rx="5" />
    <rect class="done" width="${(200 * share).toFixed(1)}" height="10" rx="5" />
  </svg>`;
}

/** Boxes in a row, and the last of them side by side: what leads to what. */
export function wayPicture(
  steps: readonly string[],
  ends: readonly { label: string; isReached: boolean }[],
  alternative: string,
): Html {
  const rows = Math.max(1, ends.length);
  const height = rows * 48;
  const middle = height / 2;
  const columns = steps.length + (ends.length > 0 ? 1 : 0);
  const box = (column: number, y: number, label: string, kind: string) =>
    html`<g class="box ${kind}"
      ><rect x="${column * 200 + 2}" y="${y - 18}" width="160" height="36" rx="8" /><text
        x="${column * 200 + 82}"
        y="${y + 5}"
        >${shortened(label)}</text
      ></g
    >`;
  const y = (i: number) => (i + 0.5) * 48;
  return html`<svg class="way" viewBox="0 0 ${columns * 200 - 36} ${height}" role="img" aria-label="${alternative}">
    ${steps.slice(1).map((_, i) => html`<path d="M${i * 200 + 162} ${middle}h40" />`)}
    ${ends.map((end, i) => html`<path class="${end.isReached ? 'reached' : 'open'}" d="M${(steps.length - 1) * 200 + 162} ${middle}C${steps.length * 200 - 18} ${middle} ${steps.length * 200 - 18} ${y(i)} ${steps.length * 200 + 2} ${y(i)}" />`)}
    ${steps.map((label, i) => box(i, middle, label, 'step'))}
    ${ends.map(({ label, isReached }, i) => box(steps.length, y(i), label, isReached ? 'reached' : 'open'))}
  </svg>`;
}

/** As much of a label as fits a box. */
function shortened(label: string): string {
  const characters = Array.from(label);
  return characters.length > 20 ? `${characters.slice(0, 19).join('')}…` : label;
}

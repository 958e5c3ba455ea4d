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

/** A bar for each number, as high as its logarithm beside the largest's: batches differ by orders of magnitude. */
export function barsPicture(sizes: readonly number[], alternative: string): Html {
  const largest = Math.log1p(Math.max(1, ...sizes));
  const height = (size: number) => 4 + Math.round((Math.log1p(size) / largest) * 60);
  const width = 960 / Math.max(sizes.length, 12);
  return html`<svg class="bars" viewBox="0 0 960 64" role="img" aria-label="${alternative}" preserveAspectRatio="none">
    ${sizes.map(
      (size, i) =>
        html`<rect
          x="${(i * width + width / 8).toFixed(1)}"
          y="${64 - height(size)}"
          width="${((width * 3) / 4).toFixed(1)}"
          height="${height(size)}"
        />`,
    )}
  </svg>`;
}

/** How much of a whole is done. */
export function sharePicture(done: number, all: number, alternative: string): Html {
  const share = all === 0 ? 0 : Math.min(1, done / all);
  return html`<svg class="share" viewBox="0 0 200 10" role="img" aria-label="${alternative}" preserveAspectRatio="none">
    <rect class="all" width="200" height="10" />
    <rect class="done" width="${(200 * share).toFixed(1)}" height="10" />
  </svg>`;
}

/** Measures of {@link wayPicture}: narrow enough for a phone to show its words in their size. */
const ROW = 52;
const BOX = { width: 240, height: 36, indent: 48 };

/** Boxes below one another, and the ends beside the last of them: what leads to what. */
export function wayPicture(
  steps: readonly string[],
  ends: readonly { label: string; isReached: boolean }[],
  alternative: string,
): Html {
  const y = (row: number) => (row + 0.5) * ROW;
  const last = steps.length - 1;
  const box = (x: number, row: number, label: string, kind: string) =>
    html`<g class="box ${kind}"
      ><rect x="${x}" y="${y(row) - BOX.height / 2}" width="${BOX.width}" height="${BOX.height}" rx="8" /><text
        x="${x + 16}"
        y="${y(row) + 4}"
        >${shortened(label)}</text
      ></g
    >`;
  return html`<svg
    class="way"
    viewBox="0 0 ${BOX.width + BOX.indent + 4} ${(steps.length + ends.length) * ROW}"
    role="img"
    aria-label="${alternative}"
  >
    <path d="M24 ${y(0)}V${y(last)}" />
    ${ends.map(
      ({ isReached }, i) =>
        html`<path
          class="${isReached ? 'reached' : 'open'}"
          d="M24 ${y(last + i) + (i === 0 ? BOX.height / 2 : 0)}V${y(last + 1 + i)}H${BOX.indent}"
        />`,
    )}
    ${steps.map((label, i) => box(2, i, label, 'step'))}
    ${ends.map(({ label, isReached }, i) => box(BOX.indent, last + 1 + i, label, isReached ? 'reached' : 'open'))}
  </svg>`;
}

/** As much of a label as fits a box. */
function shortened(label: string): string {
  const characters = Array.from(label);
  return characters.length > 28 ? `${characters.slice(0, 27).join('')}…` : label;
}

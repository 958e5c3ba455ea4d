import type { Verification } from '#proof/verification.js';
import { element, svgElement } from '../element.js';
import { timelineOf, type TimePoint } from '../timeline.js';
import type { Words } from './words.js';

/** Measures of the picture, in its own units: the room for a point, and where the line runs. */
const STEP = 44;
const LINE_Y = 22;
const RADIUS = 11;

/** The life of a record as a picture, in which points are in order but not to scale, and as a list with the same numbers. */
export function timelineView({ format, page }: Words, verification: Verification): HTMLElement | undefined {
  const points = timelineOf(verification, new Date());
  if (points.length === 0) return undefined;
  const { heading, names, picture } = page.timeline;
  return element(
    'figure',
    { class: 'timeline' },
    element('figcaption', {}, heading),
    drawing(points, picture(format.number(points.length))),
    element(
      'ol',
      { class: 'timeline-list' },
      ...points.map(({ by, name, time }) =>
        element(
          'li',
          { 'data-by': by },
          element('span', { class: 'timeline-name' }, names[name]),
          element('time', { datetime: time }, format.date(time)),
        ),
      ),
    ),
  );
}

function drawing(points: readonly TimePoint[], label: string): SVGSVGElement {
  const x = (i: number) => STEP * (i + 0.5);
  const width = STEP * points.length;
  const now = points.findIndex(({ by }) => by === 'now');
  return svgElement(
    'svg',
    { viewBox: `0 0 ${width} ${2 * LINE_Y}`, role: 'img', 'aria-label': label, class: 'timeline-picture' },
    svgElement('path', { class: 'timeline-past', d: `M${x(0)} ${LINE_Y}H${x(now)}` }),
    svgElement('path', { class: 'timeline-future', d: `M${x(now)} ${LINE_Y}H${x(points.length - 1)}` }),
    ...points.map(({ by }, i) =>
      svgElement(
        'g',
        { class: 'timeline-point', 'data-by': by },
        by === 'shown'
          ? svgElement('rect', { x: x(i) - RADIUS, y: LINE_Y - RADIUS, width: 2 * RADIUS, height: 2 * RADIUS, rx: 3 })
          : svgElement('circle', { cx: x(i), cy: LINE_Y, r: RADIUS }),
        svgElement('text', { x: x(i), y: LINE_Y + 4 }, String(i + 1)),
      ),
    ),
  );
}

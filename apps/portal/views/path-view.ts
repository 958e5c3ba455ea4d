import type { Proof } from '#proof/proof.js';
import { tellFinding } from '#words/tell.js';
import { element, svgElement } from '../element.js';
import { pathOf, type PathStep } from '../proof-path.js';
import type { Outcome } from '../stage.js';
import type { Words } from './words.js';

/** Measures of the picture, in its own units. */
const STEP = 52;
const RADIUS = 12;

/** The way from the document to the anchors as a picture, and as a list of the same steps with their raw values. */
export function pathView(words: Words, { proof, verification }: Outcome & { proof: Proof }): HTMLElement {
  const { path } = words.page;
  const steps = counted(words, pathOf(proof, verification));
  return element(
    'section',
    { class: 'detail-block' },
    element('h4', {}, path.heading),
    element('p', {}, path.lead),
    drawing(words, steps),
    element('ol', { class: 'timeline-list' }, ...steps.map((step) => item(words, step))),
  );
}

/** A step as it is drawn: anchors that come to the same are one, with their number. */
interface DrawnStep extends PathStep {
  count: number;
}

function counted({ language, telling }: Words, steps: readonly PathStep[]): DrawnStep[] {
  const drawn = new Map<string, DrawnStep>();
  for (const step of steps) {
    const told = step.anchor && tellFinding(step.anchor, language, telling);
    const name = told === undefined ? step.name : `${told.title} ${told.state}`;
    drawn.set(name, { ...step, count: (drawn.get(name)?.count ?? 0) + 1 });
  }
  return [...drawn.values()];
}

function titleOf(words: Words, { anchor, count, name, number }: DrawnStep): string {
  const { format, language, page, telling } = words;
  if (anchor !== undefined) {
    const { title } = tellFinding(anchor, language, telling);
    return count === 1 ? title : `${title} × ${format.number(count)}`;
  }
  if (name === 'anchor') return '';
  return page.path.steps[name](number === undefined ? '' : words.format.number(number));
}

function item(words: Words, step: DrawnStep): HTMLElement {
  const { language, page, telling } = words;
  const outcome = step.anchor && tellFinding(step.anchor, language, telling).state;
  return element(
    'li',
    {},
    element('span', { class: 'timeline-name' }, titleOf(words, step)),
    outcome === undefined ? undefined : element('span', {}, outcome),
    step.valueHex === undefined ? undefined : element('code', { class: 'hash' }, step.valueHex),
    step.siblings.length === 0
      ? undefined
      : element(
          'details',
          { class: 'technical' },
          element('summary', {}, page.path.beside(words.format.number(step.siblings.length))),
          ...step.siblings.map((hash) => element('code', { class: 'hash' }, hash)),
        ),
  );
}

function drawing(words: Words, steps: readonly DrawnStep[]): SVGSVGElement {
  const y = (i: number) => STEP * (i + 0.5);
  const firstAnchor = steps.findIndex(({ name }) => name === 'anchor');
  const log = firstAnchor < 0 ? steps.length - 1 : firstAnchor - 1;
  return svgElement(
    'svg',
    {
      viewBox: `0 0 460 ${STEP * steps.length}`,
      role: 'img',
      'aria-label': words.page.path.picture(words.format.number(steps.length)),
      class: 'path-picture',
    },
    svgElement('path', { class: 'path-line', d: `M20 ${y(0)}V${y(log)}` }),
    ...steps
      .slice(log + 1)
      .map((_, i) => svgElement('path', { class: 'path-line', d: `M20 ${y(log)}V${y(log + 1 + i)}H44` })),
    ...steps.map((step, i) => {
      const x = step.name === 'anchor' ? 52 : 20;
      const { valueHex } = step;
      return svgElement(
        'g',
        { class: 'timeline-point', 'data-by': step.anchor?.outcome === 'passed' ? 'shown' : 'said' },
        svgElement('circle', { cx: x, cy: y(i), r: RADIUS }),
        svgElement('text', { x, y: y(i) + 4 }, String(i + 1)),
        svgElement(
          'text',
          { class: 'path-label', x: x + 24, y: y(i) + (valueHex === undefined ? 5 : -2) },
          titleOf(words, step),
        ),
        valueHex === undefined
          ? undefined
          : svgElement('text', { class: 'path-value', x: x + 24, y: y(i) + 15 }, `${valueHex.slice(0, 16)}…`),
      );
    }),
  );
}

import { pathOf, qrModules } from '#paper/image.js';
import { svgElement } from './element.js';

/** A QR code of a text as a picture, dark on white whatever is around it. */
export function qrPicture(text: string, title: string): SVGElement {
  const modules = qrModules(text, 'byte');
  const side = modules.length;
  return svgElement(
    'svg',
    { viewBox: `0 0 ${side} ${side}`, role: 'img', 'shape-rendering': 'crispEdges' },
    svgElement('title', {}, title),
    svgElement('path', { fill: '#fff', d: `M0 0h${side}v${side}H0z` }),
    svgElement('path', { d: pathOf(modules) }),
  );
}

import { svgElement } from './element.js';

/** Outlines on a 24 × 24 grid. Each verdict and status has its own shape, so that none is told by colour alone. */
const OUTLINES = {
  authentic: ['M12 2.6 19.5 5.4v5.9c0 4.7-3.1 8.3-7.5 10.1-4.4-1.8-7.5-5.4-7.5-10.1V5.4z', 'm8.4 11.9 2.6 2.6 4.8-5.2'],
  'authentic-not-current': [
    'M4 6.2h16v14H4z',
    'M4 10.4h16M8.2 3.4v4.4M15.8 3.4v4.4',
    'm9.7 13.2 4.6 4.4m0-4.4-4.6 4.4',
  ],
  pending: ['M7 3h10M7 21h10', 'M8 3v3.6c0 2.6 4 3.6 4 5.4s-4 2.8-4 5.4V21M16 3v3.6c0 2.6-4 3.6-4 5.4s4 2.8 4 5.4V21'],
  mismatch: ['M8 2.8h8l5.2 5.2v8L16 21.2H8L2.8 16V8z', 'm8.9 8.9 6.2 6.2m0-6.2-6.2 6.2'],
  unavailable: [
    'M7.2 18.5h9.6a4.2 4.2 0 0 0 .9-8.3A6 6 0 0 0 6.3 9.7a4.5 4.5 0 0 0 .9 8.8z',
    'M12 8.6v4.2M12 15.6v.01',
  ],
  // A sheet that is torn.
  unreadable: ['M5 3.5h14v12l-3.5 2-3.5-2-3.5 2L5 15.5z', 'M5 20.5l3.5-2 3.5 2 3.5-2 3.5 2'],
  'not-found': ['M10.8 17.6a6.8 6.8 0 1 0 0-13.6 6.8 6.8 0 0 0 0 13.6z', 'm15.8 15.8 4.7 4.7', 'M8.6 10.8h4.4'],
  question: ['M5 3.5h9l5 5v12H5z', 'M14 3.5v5h5', 'M8.5 13h7M8.5 16.5h4.5'],
  unknown: ['M9 9.2a3.1 3.1 0 1 1 4.5 2.8c-1 .5-1.5 1.1-1.5 2.2M12 17.4v.01'],
  passed: ['m5 12.6 4.6 4.6L19.2 7'],
  failed: ['m6.5 6.5 11 11m0-11-11 11'],
  'not-applicable': ['M6 12h12'],
  document: ['M6 3h8.5L19 7.5V21H6z', 'M14 3v5h5', 'M9 12.5h7M9 16h7'],
  proof: ['M12 3 19 6v5.5c0 4.5-3 7.5-7 9.5-4-2-7-5-7-9.5V6z', 'M9 12l2.2 2.2L15.2 10'],
  upload: ['M12 15.5V4.5m0 0L7.8 8.7M12 4.5l4.2 4.2', 'M4 15.5v4.5h16v-4.5'],
  lock: ['M6 10.5h12v9.5H6z', 'M8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3', 'M12 14.2v2.4'],
  download: ['M12 4v11m0 0-4.2-4.2M12 15l4.2-4.2', 'M4 19.5h16'],
  remove: ['m7 7 10 10m0-10L7 17'],
  refresh: ['M19.5 12a7.5 7.5 0 1 1-2.2-5.3', 'M19.5 3.5v4.2h-4.2'],
  revoked: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'm5.8 5.8 12.4 12.4'],
  suspended: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M9.6 8.8v6.4M14.4 8.8v6.4'],
  scan: [
    'M4 8.5V4h4.5M15.5 4H20v4.5M20 15.5V20h-4.5M8.5 20H4v-4.5',
    'M8 8h3v3H8zM13 8h3v3h-3zM8 13h3v3H8zM13.5 13.5h2.5v2.5h-2.5z',
  ],
  copy: ['M8.5 8.5h11v11h-11z', 'M15.5 8.5v-4h-11v11h4'],
} as const;

/** Name of an icon. */
export type IconName = keyof typeof OUTLINES;

/** Draws an icon that screen readers skip: the words beside it say the same. */
export function icon(name: IconName): SVGSVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
    ...OUTLINES[name].map((d) => svgElement('path', { d })),
  );
}

/** The service's mark: a seal in whose face a hash tree grows. */
export function brandMark(): SVGSVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 32 32', class: 'brand-mark', 'aria-hidden': 'true', focusable: 'false' },
    svgElement('rect', { width: 32, height: 32, rx: 7 }),
    svgElement('path', { d: 'M16 7v5M16 12l-6 6M16 12l6 6M10 18l-3 6M10 18l3 6M22 18l-3 6M22 18l3 6' }),
  );
}

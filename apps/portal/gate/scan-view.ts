import type { GateWords } from '#words/gate-words.js';
import { button, element } from '../element.js';
import { icon } from '../icon.js';
import type { CameraFault } from '../code-camera.js';
import { fileChoice } from './setup-view.js';

/** What the ways in show. */
interface ScanState {
  /** Where a hand scanner types. */
  field: HTMLInputElement;
  /** The camera's picture; null while it is off. */
  video: HTMLVideoElement | null;
  fault: CameraFault | 'no-code' | null;
}

/** What a reader does there. */
interface ScanActs {
  /** Starts or stops the camera. */
  camera: () => void;
  image: (file: File) => void;
  text: (text: string) => void;
}

/** The ways in for a code: camera, image, hand scanner or keyboard. */
export function scanView(words: GateWords, { fault, field, video }: ScanState, acts: ScanActs): HTMLElement[] {
  const { camera } = words;
  const form = element(
    'form',
    { class: 'row' },
    element('label', { for: field.id }, words.field),
    field,
    element('button', { type: 'submit', class: 'primary' }, words.check),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value;
    field.value = '';
    if (text.trim() !== '') acts.text(text);
  });
  const toggle = button({ id: 'camera' }, acts.camera, icon('scan'), video === null ? camera.start : camera.stop);
  const problem = fault === null ? [] : [fault === 'no-code' ? words.noCodeInImage : camera[fault]];
  return [
    ...(video === null ? [] : [video, element('p', { class: 'soft' }, camera.on)]),
    element('div', { class: 'buttons' }, toggle, fileChoice(words.image, acts.image, 'image/*')),
    ...problem.map((text) => element('p', { class: 'problem', role: 'alert' }, text)),
    form,
  ];
}

import type { PageWords } from '#words/page-words.js';
import { CodeCamera } from '../code-camera.js';
import { CodeReader } from '../code-reader.js';
import { button, element } from '../element.js';

/** Shows the camera's picture in `place` until a code is seen, which is told once, or until it is stopped; or says why there is none, and what else can be done. */
export async function scanWithCamera(
  place: HTMLElement,
  words: PageWords['intake']['scan']['camera'],
  onCode: (text: string) => void,
): Promise<void> {
  const video = element('video', { class: 'camera', muted: true, playsinline: true, 'aria-hidden': 'true' });
  const camera = new CodeCamera(video, new CodeReader(), (text) => {
    // The page may have gone on to something else meanwhile.
    const isShown = video.isConnected;
    if (text === null && isShown) return;
    stop();
    if (text !== null && isShown) onCode(text);
  });
  const stop = () => {
    camera.stop();
    place.replaceChildren();
  };
  const shown = element(
    'div',
    { class: 'camera-view' },
    video,
    element('p', { role: 'status' }, words.on),
    button({ class: 'button' }, stop, words.stop),
  );
  place.replaceChildren(shown);
  const fault = await camera.start();
  if (fault !== null) place.replaceChildren(element('p', { class: 'refusal', role: 'alert' }, words[fault]));
  else shown.querySelector('button')?.focus();
}

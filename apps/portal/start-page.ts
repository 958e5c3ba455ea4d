import { FileHasher } from './file-hasher.js';
import { languageForReader, loadLanguage, readChoice } from './language-choice.js';
import { Page } from './page.js';
import { readFragment } from './pasted.js';
import type { Outside } from './surroundings.js';

/** Starts the page. `worker`: what hashes. */
export async function startPage(worker: Worker, outside: Outside): Promise<void> {
  const root = document.getElementById('page');
  if (!root) throw new Error('starting the page: expected an element #page, got none');
  const { languages } = outside;
  const language = await loadLanguage(languageForReader(readChoice(), navigator.languages, languages), languages);
  const page = new Page(root, language, { ...outside, now: () => new Date(), hasher: new FileHasher(worker), pause });
  page.draw();
  // The fragment of an address is not sent to any server.
  const takeFragment = () => page.takeText(readFragment(location.hash));
  addEventListener('hashchange', takeFragment);
  takeFragment();
}

/** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

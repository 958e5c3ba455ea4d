import { SPOKEN_OFFLINE } from '#words/offline.js';
import { startHashWorker } from '../file-hasher.js';
import { startPage } from '../start-page.js';
import type { Asked } from '../surroundings.js';
import { GivenBasis } from './basis.js';
import { BasisView } from './basis-view.js';
import { fileFooter } from './file-footer.js';
import workerScript from './hash-worker-script.js';

const given = new GivenBasis();
// Nobody is asked: records are not looked up, and what is gone by is what the reader gave.
const asked: Asked = { basis: () => Promise.resolve(given.basis()), once: () => asked };

// A page from disk has no origin, and Chromium starts no module for one.
const script = URL.createObjectURL(new Blob([workerScript], { type: 'text/javascript' }));
const worker = startHashWorker(script, { type: 'classic' });
await startPage(worker, {
  ...asked,
  place: { kind: 'file' },
  languages: SPOKEN_OFFLINE,
  footer: fileFooter,
  giving: new BasisView(given),
});

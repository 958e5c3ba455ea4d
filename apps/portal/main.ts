import { SPOKEN } from '#words/spoken.js';
import { startHashWorker } from './file-hasher.js';
// eslint-disable-next-line import/default -- the bundler makes the address; the module itself has no export of it
import workerAddress from './hash-worker.ts?worker&url';
import { readCode } from './read-code.js';
import { ServiceClient } from './service-client.js';
import { askingService } from './service-outside.js';
import { startPage } from './start-page.js';
import { serviceFooter } from './views/service-footer.js';

// Before all else: a service that goes away later must not take the hashing with it.
const worker = startHashWorker(new URL(workerAddress, import.meta.url).href, { type: 'module' });
const service = new ServiceClient(new URL('.', document.baseURI));
await startPage(worker, {
  ...askingService(service),
  place: { kind: 'page', service: service.host },
  languages: SPOKEN,
  footer: serviceFooter,
  searchPdf: (...asked) =>
    import('./pdf-search.js').then(
      ({ searchPdf }) => searchPdf({ readCode, startWorker: startHashWorker }, ...asked),
      // The browser itself reports what could not be fetched.
      () => ({ state: 'no-reader' }),
    ),
});

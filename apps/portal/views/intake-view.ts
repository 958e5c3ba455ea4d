import { button, element } from '../element.js';
import type { GivenFiles } from '../given-files.js';
import { icon, type IconName } from '../icon.js';
import type { Stage } from '../stage.js';
import type { Words } from './words.js';

/** Roles in the order in which the list shows them. */
const ROLES = ['document', 'proof', 'ots', 'digest'] as const;

/** A role that a given file can have. */
export type Role = (typeof ROLES)[number];

/** What the drop area asks for: anything at first, the document of the proof that is there, the proof of the document, or the next document. */
type Asked = 'first' | 'document' | 'proof' | 'next';

/** What is asked for where a check of the given files stands. */
export function askedAt({ name }: Stage, { proof }: GivenFiles): Asked {
  if (name === 'idle') return 'first';
  if (name === 'need-document') return 'document';
  return (name === 'not-found' || name === 'unreachable') && !proof ? 'proof' : 'next';
}

/** The drop area: a file input that can also be dropped on, and what was promised about privacy. */
export function dropArea(
  { page }: Words,
  asked: Asked,
  refusal: string | undefined,
  onFiles: (files: File[]) => void,
  onText: (text: string) => void,
  onCode: (code: string | File) => void,
): HTMLElement {
  const { intake } = page;
  const prompt = {
    first: intake.choose,
    document: intake.addDocument,
    proof: intake.addProof,
    next: intake.startOver,
  }[asked];
  const input = element('input', {
    type: 'file',
    multiple: true,
    id: 'files',
    class: 'file-input',
    'aria-describedby': refusal === undefined ? 'files-hint privacy' : 'files-refusal files-hint privacy',
  });
  input.addEventListener('change', () => {
    const files = Array.from(input.files ?? []);
    // Emptied so that choosing the same file again counts as a change.
    input.value = '';
    if (files.length > 0) onFiles(files);
  });
  return element(
    'section',
    {
      class: asked === 'first' ? 'drop-area' : 'drop-area compact',
      'data-asked': asked,
      'data-drop-hint': intake.dropNow,
    },
    element('div', { class: 'drop-emblem' }, icon('upload')),
    element('p', { class: 'drop-hint', id: 'files-hint' }, intake.hint),
    element(
      'div',
      { class: 'choose' },
      input,
      element(
        'label',
        { for: 'files', class: 'button primary' },
        element('span', { 'aria-hidden': 'true' }, prompt),
        element('span', { class: 'visually-hidden' }, `${prompt} ${intake.label}`),
      ),
    ),
    asked === 'first' ? otherWays(page, onFiles, onText, onCode) : undefined,
    refusal === undefined ? undefined : element('p', { class: 'refusal', id: 'files-refusal' }, refusal),
    element('p', { class: 'privacy', id: 'privacy' }, icon('lock'), element('span', {}, intake.privacy)),
  );
}

/** Ways in beside files: all of a folder, and what can be pasted. */
function otherWays(
  { intake }: Words['page'],
  onFiles: (files: File[]) => void,
  onText: (text: string) => void,
  onCode: (code: string | File) => void,
): HTMLElement {
  const field = element('textarea', { id: 'pasted', class: 'paste-field', rows: 3, spellcheck: 'false' });
  return element(
    'div',
    { class: 'other-ways' },
    folderChoice(intake.folder, onFiles),
    pictureChoice(intake.scan.open, onCode),
    ...cameraChoice(intake, onCode),
    element(
      'details',
      { class: 'paste' },
      element('summary', { class: 'button quiet' }, intake.paste.open),
      element('label', { for: 'pasted' }, intake.paste.label),
      field,
      button({ class: 'button' }, () => onText(field.value), intake.paste.check),
    ),
  );
}

/** A way to choose all files of a folder. */
function folderChoice(label: string, onFiles: (files: File[]) => void): HTMLElement {
  const input = element('input', { type: 'file', id: 'folder', class: 'visually-hidden', webkitdirectory: true });
  input.addEventListener('change', () => {
    const files = Array.from(input.files ?? []);
    input.value = '';
    if (files.length > 0) onFiles(files);
  });
  return element(
    'div',
    { class: 'choose-folder' },
    input,
    element('label', { for: 'folder', class: 'button quiet' }, label),
  );
}

/** A way to hold a code before the camera, and the place where its picture is shown. What looks for codes is loaded for the first. */
function cameraChoice({ refusals, scan }: Words['page']['intake'], onCode: (text: string) => void): HTMLElement[] {
  const place = element('div', { class: 'camera-place' });
  async function start(): Promise<void> {
    try {
      const { scanWithCamera } = await import('./camera-view.js');
      await scanWithCamera(place, scan.camera, onCode);
    } catch (error) {
      // The browser's way to say that a part of the page cannot be fetched.
      if (!(error instanceof TypeError)) throw error;
      place.replaceChildren(element('p', { class: 'refusal', role: 'alert' }, refusals['no-reader']));
    }
  }
  return [button({ class: 'button quiet', id: 'camera' }, () => void start(), scan.camera.start), place];
}

/** A way to choose a picture with a code in it; on a phone that may be the camera. */
function pictureChoice(label: string, onPicture: (picture: File) => void): HTMLElement {
  const input = element('input', { type: 'file', id: 'picture', class: 'visually-hidden', accept: 'image/*' });
  input.addEventListener('change', () => {
    const [picture] = input.files ?? [];
    input.value = '';
    if (picture !== undefined) onPicture(picture);
  });
  return element(
    'div',
    { class: 'choose-folder' },
    input,
    element('label', { for: 'picture', class: 'button quiet' }, label),
  );
}

/** The files being checked, each with its role and a button that takes it away; nothing when there are none. */
export function fileList(
  { page, format }: Words,
  given: GivenFiles,
  onRemove: (role: Role) => void,
): HTMLElement | undefined {
  const { intake } = page;
  const items = ROLES.flatMap((role) => {
    const name = role === 'digest' ? given.digest?.hex : given[role]?.name;
    if (name === undefined) return [];
    const size = role === 'document' && given.document ? ` · ${format.bytes(given.document.size)}` : '';
    const roleIcon: IconName = role === 'document' ? 'document' : 'proof';
    return [
      element(
        'li',
        { class: 'given-file', 'data-role': role },
        icon(roleIcon),
        element(
          'span',
          { class: 'given-words' },
          element('bdi', { class: 'given-name' }, name),
          element('span', { class: 'given-role' }, `${intake.roles[role]}${size}`),
        ),
        button({ class: 'icon-button', 'aria-label': intake.remove(name) }, () => onRemove(role), icon('remove')),
      ),
    ];
  });
  return items.length === 0 ? undefined : element('ul', { class: 'given-files', 'aria-label': intake.files }, ...items);
}

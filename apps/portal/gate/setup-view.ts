import type { GateErrorCode } from '#gate/error.js';
import type { Format } from '#words/format.js';
import type { GateWords } from '#words/gate-words.js';
import { button, element } from '../element.js';
import type { OfferedKey } from '../offered-key.js';
import type { Knowledge } from './knowledge.js';

/** What the setup shows besides what is known. */
export interface SetupState {
  /** A key that waits to be compared and trusted. */
  offered: OfferedKey | null;
  problem: 'bad-key' | 'needs-key' | 'older' | GateErrorCode | null;
  isOpening: boolean;
}

/** What a reader does in the setup. */
export interface SetupActs {
  offer: (text: string) => void;
  trust: (offered: OfferedKey) => void;
  cancel: () => void;
  remove: () => void;
  /** A file with a key or a pack. */
  file: (file: File) => void;
}

/** Key and pack, and how to change them. */
export function setupView(
  knowledge: Knowledge,
  state: SetupState,
  { words, format }: { words: GateWords; format: Format },
  acts: SetupActs,
): HTMLElement {
  const isOpen = knowledge.key === null || state.offered !== null || state.problem !== null;
  return element(
    'details',
    { class: 'setup card', id: 'setup', open: isOpen },
    element('summary', {}, words.setup),
    element('p', { class: 'soft' }, words.setupHint),
    element('h3', {}, words.key.title),
    ...keyPart(knowledge, state, words, acts),
    element('h3', {}, words.pack.title),
    ...packPart(knowledge, words, format),
    fileChoice(words.pack.choose, acts.file),
    ...(state.isOpening ? [element('p', { class: 'soft' }, words.pack.opening)] : []),
    ...(state.problem === null ? [] : [element('p', { class: 'problem', role: 'alert' }, problemText(state, words))]),
    ...(knowledge.keeps ? [] : [element('p', { class: 'soft' }, words.pack.forgotten)]),
    ...(knowledge.key === null ? [] : [button({ class: 'quiet' }, acts.remove, words.key.remove)]),
  );
}

function keyPart(knowledge: Knowledge, { offered }: SetupState, words: GateWords, acts: SetupActs): HTMLElement[] {
  if (offered !== null) {
    return [
      element('p', {}, words.key.compare),
      element(
        'dl',
        { class: 'facts' },
        element('dt', {}, words.key.name),
        element('dd', {}, offered.name),
        element('dt', {}, words.key.paste),
        element('dd', { class: 'mono' }, offered.text),
        element('dt', {}, words.key.fingerprint),
        element('dd', { class: 'mono' }, offered.fingerprint),
      ),
      element(
        'div',
        { class: 'buttons' },
        button({ class: 'primary', id: 'trust' }, () => acts.trust(offered), words.key.trust),
        button({}, acts.cancel, words.key.cancel),
      ),
    ];
  }
  const field = element('input', {
    id: 'key',
    class: 'mono',
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': 'key-hint',
  });
  const form = element(
    'form',
    { class: 'row' },
    element('label', { for: 'key' }, knowledge.key === null ? words.key.paste : words.key.replace),
    field,
    element('button', { type: 'submit' }, words.check),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    acts.offer(field.value);
  });
  return [
    knowledge.key === null
      ? element('p', {}, words.key.none)
      : element('p', { class: 'mono trusted' }, knowledge.keyText),
    element('p', { class: 'soft', id: 'key-hint' }, words.key.hint),
    form,
  ];
}

function packPart({ pack }: Knowledge, words: GateWords, format: Format): HTMLElement[] {
  if (pack === null) return [element('p', {}, words.pack.none)];
  return [
    element('p', {}, words.packAge(format.span(Math.max(0, Date.now() - pack.asOfMs)))),
    element('p', { class: 'soft' }, `${words.facts.statusAsOf} ${format.date(pack.asOfMs)}`),
    element('p', { class: 'soft' }, words.packHolds(format.number(pack.batches.size), format.number(pack.records))),
  ];
}

/** A button that opens a file; a real input, so that the keyboard reaches it. */
export function fileChoice(label: string, onFile: (file: File) => void, accept?: string): HTMLElement {
  const input = element('input', { type: 'file', class: 'file', accept });
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file !== undefined) onFile(file);
    // The same file may be chosen again.
    input.value = '';
  });
  return element('label', { class: 'button' }, label, input);
}

function problemText({ problem }: SetupState, words: GateWords): string {
  if (problem === 'bad-key') return words.key.bad;
  if (problem === 'older') return words.pack.older;
  return problem === 'needs-key' ? words.pack.needsKey : words.packErrors[problem!];
}

import { formatFor, type Format } from '#words/format.js';
import { sayChain } from '#words/chain-words.js';
import type { Language } from '#words/language.js';
import { OFFLINE_WORDS } from '#words/offline.js';
import type { BasisFault, BasisKind, OfflineWords } from '#words/offline-words.js';
import { listenForDropsOn } from '../dropped-files.js';
import { button, type Child, element } from '../element.js';
import { icon } from '../icon.js';
import type { Giving } from '../surroundings.js';
import type { GivenBasis, GivenHeaders, Offered } from './basis.js';

const KINDS: readonly BasisKind[] = ['key', 'headers', 'root'];

/** The part of the page in which a reader gives what it goes by: a key, headers, roots. Its files come in by a way of their own, so that nobody trusts a key by dropping a folder with it. */
export class BasisView implements Giving {
  readonly view = element('details', { class: 'fold basis', id: 'basis', open: true });
  onChange = () => {};
  readonly #basis: GivenBasis;
  #language!: Language;
  #offered: Offered[] = [];
  #faults: { fault: BasisFault; file: string }[] = [];
  /** Name of the file that is being read. */
  #opening: string | undefined;

  constructor(basis: GivenBasis) {
    this.#basis = basis;
    listenForDropsOn(this.view, (files) => void this.#take(files));
  }

  draw(language: Language): void {
    this.#language = language;
    const words = OFFLINE_WORDS[language.tag]!;
    const { basis } = words;
    const { headers, keys, roots } = this.#basis;
    const format = formatFor({ locale: language.locale });
    const count = keys.length + headers.length + roots.length;
    this.view.setAttribute('data-drop-hint', basis.dropNow);
    this.view.replaceChildren(
      element(
        'summary',
        {},
        element('h2', {}, basis.heading),
        element('span', { class: 'section-note' }, basis.given(format.number(count))),
      ),
      element(
        'div',
        { class: 'fold-body basis-body' },
        element('p', {}, basis.lead),
        this.#choice(words),
        element(
          'div',
          { role: 'status', class: 'basis-said' },
          this.#opening === undefined ? undefined : element('p', {}, basis.opening(this.#opening)),
          ...this.#faults.map(({ fault, file }) => element('p', { class: 'refusal' }, basis.faults[fault](file))),
        ),
        ...this.#offered.map((offered) => this.#offer(offered, words)),
        ...KINDS.map((kind) => this.#section(kind, words, format)),
        element('h3', {}, words.limits.heading),
        element('ul', { class: 'reasons' }, ...words.limits.items.map((item) => element('li', {}, item))),
      ),
    );
  }

  #choice({ basis }: OfflineWords): HTMLElement {
    const input = element('input', { type: 'file', multiple: true, id: 'basis-files', class: 'visually-hidden' });
    input.addEventListener('change', () => {
      const files = Array.from(input.files ?? []);
      // Emptied so that choosing the same file again counts as a change.
      input.value = '';
      void this.#take(files);
    });
    return element(
      'div',
      { class: 'choose-folder' },
      input,
      element('label', { for: 'basis-files', class: 'button' }, basis.choose),
    );
  }

  #offer(offered: Offered, { basis }: OfflineWords): HTMLElement {
    const isKey = offered.kind === 'key';
    const [name, fingerprints] = isKey
      ? [offered.key.name, [offered.key.fingerprint]]
      : [offered.root.name, offered.root.fingerprints];
    const drop = () => {
      this.#offered = this.#offered.filter((other) => other !== offered);
    };
    return element(
      'section',
      { class: 'basis-offer', 'data-offered': offered.kind },
      element('h3', { tabindex: -1 }, basis.offered[offered.kind]),
      element('p', {}, basis.compare[offered.kind]),
      element(
        'dl',
        { class: 'rows' },
        row(basis.name, element('bdi', {}, name)),
        isKey ? row(basis.titles.key, element('code', { class: 'hash' }, offered.key.text)) : undefined,
        ...fingerprints.map((text) => row(basis.fingerprint, element('code', { class: 'hash' }, text))),
      ),
      element(
        'div',
        { class: 'verdict-actions' },
        button(
          { class: 'button primary', 'data-trust': offered.kind },
          () => {
            drop();
            this.#basis.trust(offered);
            this.#changed();
          },
          basis.trust,
        ),
        button(
          { class: 'button' },
          () => {
            drop();
            this.#redraw();
          },
          basis.cancel,
        ),
      ),
    );
  }

  #section(kind: BasisKind, { basis }: OfflineWords, format: Format): HTMLElement {
    const { headers, keys, roots } = this.#basis;
    const items: Record<BasisKind, () => HTMLElement[]> = {
      key: () =>
        keys.map((key) =>
          this.#item(keys, key, key.name, basis.remove(key.name), element('code', { class: 'hash' }, key.text)),
        ),
      headers: () =>
        headers.map((given) =>
          this.#item(headers, given, given.file, basis.remove(given.file), this.#extent(given, basis, format)),
        ),
      root: () =>
        roots.map((root) =>
          this.#item(
            roots,
            root,
            root.name,
            basis.remove(root.name),
            element('code', { class: 'hash' }, root.fingerprints.join(' · ')),
          ),
        ),
    };
    const list = items[kind]();
    return element(
      'section',
      { class: 'basis-kind', 'data-kind': kind },
      element('h3', {}, basis.titles[kind]),
      element('p', { class: 'basis-hint' }, basis.hints[kind]),
      list.length === 0
        ? element('p', { class: 'basis-none' }, basis.none[kind])
        : element('ul', { class: 'basis-list' }, ...list),
    );
  }

  #item<Given>(all: Given[], one: Given, name: string, label: string, what: Child): HTMLElement {
    const remove = () => {
      all.splice(all.indexOf(one), 1);
      this.#changed();
    };
    return element(
      'li',
      { class: 'given-file' },
      element(
        'span',
        { class: 'given-words' },
        element('bdi', { class: 'given-name' }, name),
        element('span', { class: 'given-role' }, what),
      ),
      button({ class: 'icon-button', 'aria-label': label }, remove, icon('remove')),
    );
  }

  /** Which blocks a file of headers has, and what shows that they are those of the chain. */
  #extent({ anchored, from, network, to }: GivenHeaders, basis: OfflineWords['basis'], format: Format): string {
    const chain = sayChain({ kind: 'bitcoin', network: network.name }, this.#language);
    const extent = basis.headers(chain, format.number(from), format.number(to));
    const standing = anchored.status === 'pinned' ? basis.pinned(format.number(anchored.block.height)) : basis.unpinned;
    return [extent, standing].join(' · ');
  }

  async #take(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    this.#faults = [];
    let taken = false;
    for (const file of files) {
      this.#opening = file.name;
      this.#redraw();
      // Shown before the work begins, which takes a while for a long chain.
      await new Promise((resolve) => setTimeout(resolve, 30));
      const read = await this.#basis.read(file);
      if (read === 'taken') taken = true;
      else if (typeof read === 'string') this.#faults.push({ fault: read, file: file.name });
      else this.#offered.push(read);
    }
    this.#opening = undefined;
    if (taken) this.#changed();
    else this.#redraw();
    this.view.querySelector<HTMLElement>('.basis-offer h3')?.focus();
  }

  #changed(): void {
    this.#redraw();
    this.onChange();
  }

  #redraw(): void {
    const hadFocus = this.view.contains(document.activeElement);
    this.draw(this.#language);
    if (hadFocus) document.getElementById('basis-files')?.focus();
  }
}

function row(name: string, value: Child): HTMLElement {
  return element('div', { class: 'row' }, element('dt', {}, name), element('dd', {}, value));
}

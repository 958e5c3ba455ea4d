import { download } from '../download.js';
import { button, element } from '../element.js';
import { icon } from '../icon.js';
import type { ManyItem } from '../many-check.js';
import { csvOf, lineOf } from '../many-table.js';
import type { Words } from './words.js';

/** Pause between two changes of the table, in milliseconds. */
const SHOWN_EVERY_MS = 200;

/** What a reader can do with the table of many documents. */
export interface ManyActions {
  onOpen: (item: ManyItem) => void;
  onCancel: () => void;
}

/** A table of many documents, which grows as they are checked: with a filter by result, as a CSV file, and for print. */
export class ManyView {
  readonly root = element('div', { class: 'card many' });
  readonly #rows: HTMLTableRowElement[];
  readonly #filters = element('div', { class: 'many-filters', role: 'group' });
  readonly #progress = element('progress', { max: 1 });
  readonly #done = element('span', { class: 'progress-detail' });
  readonly #cancel: HTMLButtonElement;
  #chosen: string | undefined;
  /** Documents that are checked and not shown yet. */
  readonly #due = new Set<number>();

  constructor(
    private readonly words: Words,
    private readonly items: readonly ManyItem[],
    private readonly actions: ManyActions,
  ) {
    const { format, page } = words;
    const { many, progress } = page;
    this.#cancel = button({ class: 'button quiet' }, actions.onCancel, progress.cancel);
    this.#progress.setAttribute('aria-label', progress.verifying);
    this.#filters.setAttribute('aria-label', many.filter);
    this.#rows = items.map((item) => this.#row(item));
    const heading = (text: string) => element('th', { scope: 'col' }, text);
    const { file, result, when, who } = many.columns;
    this.root.append(
      element('h2', { id: 'result-title', tabindex: -1 }, many.heading(format.number(items.length))),
      element('div', { class: 'many-progress' }, this.#progress, this.#done, this.#cancel),
      this.#filters,
      element(
        'div',
        { class: 'keep' },
        button({ class: 'button', 'data-keep': 'csv' }, () => this.#keepCsv(), icon('download'), many.csv),
        button({ class: 'button', 'data-keep': 'print' }, () => print(), icon('document'), many.print),
      ),
      element(
        'div',
        { class: 'many-scroll', tabindex: 0, role: 'region', 'aria-label': many.table },
        element(
          'table',
          {},
          element('thead', {}, element('tr', {}, heading(file), heading(result), heading(when), heading(who))),
          element('tbody', {}, ...this.#rows),
        ),
      ),
    );
    items.forEach((item, index) => item.stage && this.#fill(index));
    this.#summarise();
  }

  /** Shows what came of a document, in a moment, with whatever else came by then: each change of a long table takes the browser's time for all of it. */
  update(index: number): void {
    this.#due.add(index);
    if (this.#due.size > 1) return;
    setTimeout(() => {
      for (const due of this.#due) this.#fill(due);
      this.#due.clear();
      this.#summarise();
    }, SHOWN_EVERY_MS);
  }

  #row(item: ManyItem): HTMLTableRowElement {
    const open = button(
      { class: 'many-open', disabled: true },
      () => this.actions.onOpen(item),
      element('bdi', {}, item.name),
    );
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, open),
      element('td', { class: 'many-result' }),
      element('td', {}),
      element('td', {}),
    );
  }

  #fill(index: number): void {
    const line = lineOf(this.words, this.items[index]!);
    const row = this.#rows[index]!;
    if (line === undefined) return;
    const [, result, when, who] = row.cells;
    row.dataset['standing'] = line.standing;
    row.dataset['result'] = line.result;
    result!.replaceChildren(element('span', { class: 'many-badge' }, line.result));
    when!.replaceChildren(line.when);
    who!.replaceChildren(element('bdi', {}, line.who));
    row.querySelector('button')!.disabled = false;
    row.hidden = this.#chosen !== undefined && this.#chosen !== line.result;
  }

  #summarise(): void {
    const { format, page } = this.words;
    const results = this.#rows.flatMap(({ dataset }) => dataset['result'] ?? []);
    this.#progress.value = results.length / Math.max(1, this.items.length);
    const isDone = results.length === this.items.length;
    this.#done.textContent = page.many.progress(format.number(results.length), format.number(this.items.length));
    this.#progress.hidden = isDone;
    this.#cancel.hidden = isDone;
    const counts = new Map<string, number>();
    for (const result of results) counts.set(result, (counts.get(result) ?? 0) + 1);
    const focused = (document.activeElement as HTMLElement | null)?.dataset['filter'];
    const filter = (label: string, count: number, chosen: string | undefined) =>
      button(
        { class: 'many-filter', 'aria-pressed': String(this.#chosen === chosen), 'data-filter': chosen ?? '' },
        () => this.#choose(chosen),
        `${label} · ${format.number(count)}`,
      );
    this.#filters.replaceChildren(
      filter(page.many.all, results.length, undefined),
      ...[...counts].map(([result, count]) => filter(result, count, result)),
    );
    for (const each of this.#filters.querySelectorAll('button'))
      if (focused !== undefined && each.dataset['filter'] === focused) each.focus();
  }

  #choose(result: string | undefined): void {
    this.#chosen = result;
    for (const row of this.#rows) row.hidden = result !== undefined && row.dataset['result'] !== result;
    this.#summarise();
  }

  #keepCsv(): void {
    const { many } = this.words.page;
    void download({ name: many.csvName, mediaType: 'text/csv', content: () => csvOf(this.words, this.items) });
  }
}

import { bytesToHex } from '@noble/hashes/utils.js';
import { download, keptFiles } from '../download.js';
import { button, element } from '../element.js';
import { icon } from '../icon.js';
import type { Proof } from '#proof/proof.js';
import type { Outcome } from '../stage.js';
import type { FactRow } from '#words/anchors/anchor-telling.js';
import { outsideRows } from './outside-rows.js';
import { pathView } from './path-view.js';
import { repeatView } from './repeat-view.js';
import type { Words } from './words.js';

/** Identifiers, digests, stated facts, files to keep, and how to do without this page. Closed at first. */
export function detailsView(words: Words, outcome: Outcome & { proof: Proof }): HTMLElement {
  const { details } = words.page;
  return element(
    'details',
    { class: 'fold details' },
    element('summary', {}, element('h3', {}, details.heading)),
    element(
      'div',
      { class: 'fold-body details-body' },
      downloads(words, outcome),
      block(details.identifiers, identifiers(words, outcome)),
      claims(words, outcome),
      block(
        details.digests,
        Object.entries(outcome.digests).map(([algorithm, bytes]) => [algorithm, bytesToHex(bytes), true] as const),
      ),
      pathView(words, outcome),
      repeatView(words, outcome),
    ),
  );
}

function block(title: string, rows: readonly FactRow[]): HTMLElement {
  return element(
    'section',
    { class: 'detail-block' },
    element('h4', {}, title),
    element(
      'dl',
      { class: 'rows' },
      ...rows.map(([name, value, isCode]) =>
        element(
          'div',
          { class: 'row' },
          element('dt', {}, name),
          element('dd', {}, isCode ? element('code', { class: 'hash' }, value) : element('bdi', {}, value)),
        ),
      ),
    ),
  );
}

function identifiers(words: Words, outcome: Outcome & { proof: Proof }): FactRow[] {
  const { page, format } = words;
  const { proof, verification } = outcome;
  const { names } = page.details;
  const { statement } = proof;
  const { record } = verification;
  const batchRows: FactRow[] = record
    ? [
        [names.logOrigin, record.log, true],
        [names.batch, format.number(record.batch)],
        [names.sealedAt, format.date(record.sealedAt)],
      ]
    : [];
  const rows: FactRow[] = [
    [names.id, proof.id, true],
    [names.agency, statement.agency],
    [names.profile, statement.profile, true],
    [names.receivedAt, format.date(statement.receivedAt)],
    ...batchRows,
    [names.position, format.number(proof.batch.index)],
    [names.logKey, proof.log.key, true],
  ];
  if (statement.blinded) {
    for (const [algorithm, hex] of Object.entries(statement.digests))
      rows.push([`${names.blinded} (${algorithm})`, String(hex), true]);
  }
  return [...rows, ...outsideRows(words, verification.findings)];
}

/** What the agency stated beside the digest. Its names and values are the agency's own words and are shown as they are. */
function claims({ page }: Words, { proof }: { proof: Proof }): HTMLElement | undefined {
  const stated = Object.entries(proof.statement.claims ?? {});
  if (stated.length === 0) return undefined;
  return block(
    page.details.claims,
    stated.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const),
  );
}

function downloads({ page }: Words, { proof, documentName, digests }: Outcome & { proof: Proof }): HTMLElement {
  const { details } = page;
  return element(
    'section',
    { class: 'detail-block' },
    element('h4', {}, details.downloads),
    element(
      'ul',
      { class: 'downloads' },
      ...keptFiles(proof, documentName, digests.sha256).map((file) =>
        element(
          'li',
          {},
          button(
            { class: 'button download', 'data-download': file.kind },
            () => void download(file),
            icon('download'),
            element('span', {}, details.kept[file.kind]),
          ),
        ),
      ),
    ),
  );
}

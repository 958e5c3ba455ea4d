import { Injectable } from '@nestjs/common';
import { RecordLookupRepository } from '#database/record-lookup.repository.js';
import { DIGEST_ALGORITHMS, digestProblem } from '#statement/digest.js';
import { isRecordId } from '#statement/record-id.js';
import type { ToldStatusName } from '#words/site-words.js';
import { tellProfile } from '#words/tell.js';
import { BatchStandingService } from '../log/batch-standing.service.js';
import { RecordsService } from '../records/records.service.js';
import { RecordStatus, type ToldStatus } from '../records/record-status.js';
import { html, type Part } from './html.js';
import { type Point, timelinePicture } from './pictures.js';
import { type Body, code, facts, table, time, type View } from './view.js';

/** Records shown of one digest. */
const SHOWN_RECORDS = 100;

interface Facts {
  agency: string;
  profile: string;
  receivedAt: string;
}

/** The pages about single records, for whoever has a digest or a record's number. */
@Injectable()
export class RecordPages {
  constructor(
    private readonly records: RecordsService,
    private readonly lookups: RecordLookupRepository,
    private readonly standings: BatchStandingService,
    private readonly status: RecordStatus,
  ) {}

  /** The form, and what is found for what was typed into it. */
  async lookup(view: View, asked: string | undefined): Promise<Body> {
    const { lookup: words } = view.words;
    const text = (asked ?? '').trim().toLowerCase();
    const answer = text === '' ? undefined : await this.#find(view, text);
    return {
      title: words.title,
      lead: words.lead,
      section: 'lookup',
      content: html`<form method="get" action="${view.file('lookup')}">
          ${
            view.href('').includes('lang=')
              ? html`<input type="hidden" name="lang" value="${view.language.tag}" />`
              : undefined
          }
          <label for="digest">${words.label}</label>
          <div class="field">
            <input
              id="digest"
              name="digest"
              value="${asked?.slice(0, 200) ?? ''}"
              autocomplete="off"
              autocapitalize="off"
              spellcheck="false"
              maxlength="200"
              required
            /><button class="button primary">${words.submit}</button>
          </div>
          <p class="hint">${words.sent}</p>
        </form>
        ${answer === undefined ? undefined : html`<section class="answer" aria-live="polite">${answer}</section>`}`,
    };
  }

  async #find(view: View, text: string): Promise<Part> {
    const { columns, lookup: words, stages } = view.words;
    const digest = text.replace(/^sha-?(256|512):/, '');
    if (isRecordId(digest)) return this.#content(view, digest);
    const algorithms = DIGEST_ALGORITHMS.filter((algorithm) => digestProblem(algorithm, digest) === null);
    if (algorithms.length === 0) return html`<p class="nothing">${words.bad}</p>`;
    const pages = await Promise.all(
      algorithms.map((algorithm) => this.lookups.page(algorithm, digest, null, SHOWN_RECORDS)),
    );
    const found = pages.flatMap(({ records }) => records);
    if (found.length === 0)
      return html`<h2>${words.none}</h2>
        <p>${words.noneText}</p>`;
    return html`<h2>${words.found(view.format.number(found.length))}</h2>
      ${table(
        view,
        words.title,
        [
          { heading: columns.record },
          { heading: columns.agency },
          { heading: columns.kind },
          { heading: columns.received },
          { heading: columns.stage },
        ],
        found.map(({ id, stage, statement }) => {
          const { agency, profile, receivedAt } = JSON.parse(statement) as Facts;
          return [
            html`<a href="${view.href(`explorer/records/${id}`)}">${code(id)}</a>`,
            html`<bdi>${agency}</bdi>`,
            tellProfile(profile, view.language),
            time(view, receivedAt),
            stages[stage],
          ];
        }),
      )}${pages.some(({ next }) => next !== null) ? html`<p>${words.more}</p>` : undefined}`;
  }

  /** What everybody may know of a record. @throws Problem `record-not-found` */
  async record(view: View, id: string): Promise<Body> {
    const { record: words } = view.words;
    return { title: words.title, lead: words.lead, content: await this.#content(view, id) };
  }

  async #content(view: View, id: string): Promise<Part> {
    const record = await this.records.get(id);
    const { place, statement } = record;
    const { agency, profile, receivedAt } = JSON.parse(statement) as Facts;
    const standing = place === null ? null : await this.standings.find(place.batch);
    const status = await this.status.of(record, null);
    const { columns, record: words, status: statusNames } = view.words;
    const points = this.#points(view, receivedAt, standing, status);
    return html`<h2>${words.facts}</h2>
      ${facts([
        [
          columns.status,
          status === null
            ? words.notPublic
            : html`<strong class="status ${status.status}">${statusNames[status.status as ToldStatusName]}</strong>`,
        ],
        [columns.record, code(id)],
        [columns.agency, html`<bdi>${agency}</bdi>`],
        [columns.kind, tellProfile(profile, view.language)],
        ...(place === null
          ? []
          : ([
              [columns.batch, html`<a href="${view.href(`explorer/batches/${place.batch}`)}">${place.batch}</a>`],
              [columns.position, view.format.number(place.index)],
            ] as const)),
      ])}
      <h2>${words.timeline}</h2>
      <figure>
        ${timelinePicture(points, words.picture(view.format.number(points.length)))}
        <ol class="points">
          ${points.map(({ at, kind, label }) => html`<li class="${kind}"><span>${label}</span> ${time(view, at)}</li>`)}
        </ol>
      </figure>
      ${place === null ? undefined : html`<p><a class="button" href="${view.file(`v1/records/${id}/proof`)}">${words.proof}</a></p>`}`;
  }

  #points(
    view: View,
    receivedAt: string,
    standing: Awaited<ReturnType<BatchStandingService['find']>>,
    status: ToldStatus | null,
  ): Point[] {
    const { record, status: statusNames } = view.words;
    const { points: names } = record;
    const points: Point[] = [
      { label: names.received, at: receivedAt, kind: 'said' },
      { label: names.now, at: new Date().toISOString(), kind: 'now' },
    ];
    if (standing !== null)
      points.push({ label: names.sealed, at: standing.batch.sealedAt.toISOString(), kind: 'said' });
    for (const { anchor, submission } of standing?.coverage ?? [])
      if (submission.confirmedAt !== null)
        points.push({ label: `${names.anchored} ${anchor}`, at: submission.confirmedAt.toISOString(), kind: 'shown' });
    if (status !== null && 'effectiveAt' in status && status.effectiveAt !== undefined) {
      const label = `${names.changed} · ${statusNames[status.status as ToldStatusName]}`;
      points.push({ label, at: status.effectiveAt, kind: 'ended' });
    }
    if (status?.status === 'expired' && 'since' in status)
      points.push({ label: names.expired, at: status.since, kind: 'ended' });
    if (status?.status === 'not-yet-valid' && 'from' in status)
      points.push({ label: names['valid-from'], at: status.from, kind: 'said' });
    return points.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  }
}

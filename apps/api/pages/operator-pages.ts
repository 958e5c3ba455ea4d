import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { DELAY_SAMPLES, type MeasuredDelay } from '#database/delay.repository.js';
import { LogHistoryRepository } from '#database/log-history.repository.js';
import { SealProgressRepository } from '#database/seal-progress.repository.js';
import { SubmissionReaderRepository } from '#database/submission-reader.repository.js';
import { tellProfile } from '#words/tell.js';
import { DelaysService } from '../delays/delays.service.js';
import { PublishedPages } from '../portal/published-pages.service.js';
import { ServiceStateService } from '../operations/service-state.service.js';
import { html, type Html, type Part } from './html.js';
import { readIncidents } from './incidents.js';
import { sharePicture } from './pictures.js';
import { type Body, code, facts, table, time, type View } from './view.js';

/** Submissions shown of each anchor. */
const SHOWN_SUBMISSIONS = 10;

/** Agencies shown on a page. */
const AGENCIES = 100;

/** The pages about who takes part: anchors, agencies and the operator. */
@Injectable()
export class OperatorPages {
  readonly #logger = new Logger('pages');

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'operatorName' | 'operatorUrl' | 'incidentsFile'>,
    private readonly state: ServiceStateService,
    private readonly submissions: SubmissionReaderRepository,
    private readonly progress: SealProgressRepository,
    private readonly agencies: AgencyProfileRepository,
    private readonly logs: LogHistoryRepository,
    private readonly delays: DelaysService,
    private readonly published: PublishedPages,
  ) {}

  /** How far each anchor is. */
  async anchors(view: View): Promise<Body> {
    const { anchors: words } = view.words;
    const [healths, { batches }] = await Promise.all([this.state.anchors(), this.progress.totals()]);
    const sections = await Promise.all(healths.map((health) => this.#anchor(view, health, batches)));
    return {
      title: words.title,
      lead: words.lead,
      section: 'anchors',
      content: sections.length === 0 ? html`<p class="nothing">${words.none}</p>` : sections,
    };
  }

  async #anchor(
    view: View,
    { anchor, confirmedSize, overdueSince, paused, state }: Awaited<ReturnType<ServiceStateService['anchors']>>[number],
    batches: number,
  ): Promise<Html> {
    const { anchors: words, columns, states } = view.words;
    const number = (value: number) => view.format.number(value);
    const newest = await this.submissions.newest(anchor, SHOWN_SUBMISSIONS);
    const rows: (readonly [string, Part])[] = [
      [columns.state, html`<span class="state ${state ?? 'idle'}">${states[state ?? 'idle']}</span>`],
      [columns.covered, number(confirmedSize)],
    ];
    if (overdueSince !== null) rows.push([words.overdue, time(view, overdueSince)]);
    if (paused !== null)
      rows.push([words.paused, html`${time(view, paused.since)} · <span lang="en">${paused.detail}</span>`]);
    return html`<section>
      <h2>${anchor}</h2>
      ${sharePicture(confirmedSize, batches, words.picture(number(confirmedSize), number(batches)))} ${facts(rows)}
      <h3>${words.submissions}</h3>
      ${table(
        view,
        `${anchor} · ${words.submissions}`,
        [
          { heading: columns.logSize, isNumber: true },
          { heading: columns.state },
          { heading: columns.created },
          { heading: columns.anchored },
          { heading: columns.attempts, isNumber: true },
          { heading: columns.detail },
        ],
        newest.map((row) => [
          html`<a href="${view.href(`explorer/batches/${row.checkpointSize - 1}`)}">${row.checkpointSize}</a>`,
          html`<span class="state ${row.state}">${states[row.state]}</span>`,
          time(view, row.createdAt),
          row.confirmedAt === null ? '–' : time(view, row.confirmedAt),
          number(row.attempts),
          html`<span lang="en">${row.detail}</span>`,
        ]),
      )}
    </section>`;
  }

  /** The agencies whose domains come after this one. */
  async agencyList(view: View, after = ''): Promise<Body> {
    const { agencies: words, columns, next } = view.words;
    // One more than is shown tells whether there are more.
    const found = await this.agencies.page(after, AGENCIES + 1);
    const rows = found.slice(0, AGENCIES);
    return {
      title: words.title,
      lead: words.lead,
      section: 'agencies',
      content: html`${table(
        view,
        words.title,
        [
          { heading: columns.name },
          { heading: columns.domain },
          { heading: columns.since },
          { heading: columns.registers },
        ],
        rows.map(({ createdAt, domain, name, profiles }) => [
          html`<bdi>${name}</bdi>`,
          html`<bdi>${domain}</bdi>`,
          time(view, createdAt),
          profiles.length === 0
            ? '–'
            : html`<ul>
                ${profiles.map(
                  ({ profile, since }) => html`<li>${tellProfile(profile, view.language)} · ${time(view, since)}</li>`,
                )}
              </ul>`,
        ]),
      )}${
        found.length > AGENCIES
          ? html`<nav class="pager">
              <a rel="next" href="${view.href('explorer/agencies', { after: rows.at(-1)!.domain })}">${next}</a>
            </nav>`
          : undefined
      }`,
    };
  }

  /** Who runs the service, with which keys, how long it takes, and what went wrong. */
  async operator(view: View): Promise<Body> {
    const { columns, operator: words } = view.words;
    const { operatorName, operatorUrl } = this.config;
    const [logs, incidents, delays] = await Promise.all([this.logs.list(), this.#incidents(view), this.#delays(view)]);
    const link = operatorUrl && html`<a rel="noreferrer" href="${operatorUrl}">${operatorUrl}</a>`;
    return {
      title: words.title,
      lead: words.lead,
      section: 'operator',
      content: html`<h2>${words.who}</h2>
        <p class="who">${operatorName === undefined ? words.unnamed : html`<bdi>${operatorName}</bdi>`}</p>
        ${link && html`<p>${link}</p>`}
        <h2>${words.keys}</h2>
        <p>${words.pin}</p>
        ${table(
          view,
          words.keys,
          [
            { heading: columns.log },
            { heading: columns.key },
            { heading: columns.from },
            { heading: columns.until },
            { heading: columns.logSize, isNumber: true },
          ],
          logs.map(({ key, origin, since, size, until }) => [
            html`<bdi>${origin}</bdi>`,
            code(key),
            since === null ? '–' : time(view, since),
            until === null ? '–' : time(view, until),
            view.format.number(size),
          ]),
        )}
        ${await this.#pages(view)}
        <h2>${words.delays}</h2>
        ${delays}
        <h2>${words.incidents}</h2>
        ${incidents}`,
    };
  }

  /** The pages that are to be kept, with what shows that a copy is one of them. */
  async #pages(view: View): Promise<Html | undefined> {
    const { operator: words, columns } = view.words;
    const pages = await this.published.list();
    if (pages.length === 0) return undefined;
    return html`<h2 id="pages">${words.pages}</h2>
      <p>${words.pagesLead}</p>
      ${table(
        view,
        words.pages,
        [
          { heading: columns.file },
          { heading: columns.meaning },
          { heading: columns.size, isNumber: true },
          { heading: columns.digest },
          { heading: columns.record },
        ],
        pages.map(({ bytes, name, record, sha256 }) => [
          html`<a download href="${view.file(name)}">${name}</a>`,
          words.pageNames[name],
          view.format.bytes(bytes),
          code(sha256),
          record === null
            ? words.pageWaits
            : html`<a href="${view.href(`explorer/records/${record}`)}">${words.pageRecord}</a>`,
        ]),
      )}`;
  }

  async #delays(view: View): Promise<Html> {
    const { operator: words, columns } = view.words;
    const { anchors, sealing } = await this.delays.measured();
    if (sealing === undefined && anchors.length === 0) return html`<p class="nothing">${words.unmeasured}</p>`;
    const row = (name: string, { halfMs, mostMs, samples }: MeasuredDelay): Part[] => [
      name,
      view.format.span(halfMs),
      view.format.span(mostMs),
      view.format.number(samples),
    ];
    return html`<p>${words.delaysLead(String(DELAY_SAMPLES))}</p>
      ${table(
        view,
        words.delays,
        [
          { heading: columns.step },
          { heading: words.half },
          { heading: words.most },
          { heading: words.measured, isNumber: true },
        ],
        [
          ...(sealing === undefined ? [] : [row(words.sealing, sealing)]),
          ...anchors.map(({ anchor, delay }) => row(anchor, delay)),
        ],
      )}`;
  }

  async #incidents(view: View): Promise<Html> {
    const { operator: words } = view.words;
    const { incidentsFile } = this.config;
    if (incidentsFile === undefined) return html`<p class="nothing">${words.noList}</p>`;
    let incidents;
    try {
      incidents = await readIncidents(incidentsFile);
    } catch (error) {
      this.#logger.warn(`INCIDENTS_FILE: ${(error as Error).message}`);
      return html`<p class="nothing">${words.unreadable}</p>`;
    }
    if (incidents.length === 0) return html`<p class="nothing">${words.noIncidents}</p>`;
    return html`<ol class="incidents">
      ${incidents.map(
        ({ from, text, title, until }) =>
          html`<li>
            <h3><bdi>${title}</bdi></h3>
            <p>${time(view, from)} – ${until === undefined ? words.ongoing : time(view, until)}</p>
            ${text === undefined ? undefined : html`<p><bdi>${text}</bdi></p>`}
          </li>`,
      )}
    </ol>`;
  }
}

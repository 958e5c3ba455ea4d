import { Injectable } from '@nestjs/common';
import { BatchRepository } from '#database/batch.repository.js';
import { CheckpointListRepository } from '#database/checkpoint-list.repository.js';
import { BatchStandingService } from '../log/batch-standing.service.js';
import { Problem } from '../problems/problem.js';
import { html } from './html.js';
import { barsPicture, wayPicture } from './pictures.js';
import { type Body, code, facts, pager, table, time, type View } from './view.js';

/** Rows on a page. */
const PAGE = 50;

/** The pages of the log: its batches and its checkpoints. */
@Injectable()
export class LogPages {
  constructor(
    private readonly batches: BatchRepository,
    private readonly checkpoints: CheckpointListRepository,
    private readonly standings: BatchStandingService,
  ) {}

  /** The batches below number `before`, newest first. */
  async list(view: View, before: number | undefined): Promise<Body> {
    const { columns, batches: words } = view.words;
    const rows = await this.batches.list(before ?? null, PAGE);
    const sizes = rows.map(({ size }) => size).toReversed();
    const number = (value: number) => view.format.number(value);
    return {
      ...words,
      section: 'batches',
      content: html`${rows.length < 2 ? undefined : html`<figure>${barsPicture(sizes, words.picture(number(sizes.length), number(Math.max(...sizes))))}</figure>`}
      ${table(
        view,
        words.title,
        [
          { heading: columns.batch, isNumber: true },
          { heading: columns.entries, isNumber: true },
          { heading: columns.sealed },
          { heading: columns.root },
        ],
        rows.map((row) => [
          html`<a href="${view.href(`explorer/batches/${row.number}`)}">${row.number}</a>`,
          number(row.size),
          time(view, row.sealedAt),
          code(Buffer.from(row.root).toString('hex')),
        ]),
      )}
      ${pager(view, 'explorer/batches', before, rows.length === PAGE && rows.at(-1)!.number > 0 ? rows.at(-1)!.number : undefined)}`,
    };
  }

  /** One batch. @throws Problem `batch-not-found` */
  async batch(view: View, number: number): Promise<Body> {
    const standing = await this.standings.find(number);
    if (!standing) throw new Problem('batch-not-found', `There is no batch ${number} in the log.`);
    const { anchors, batch } = standing;
    const { batch: words, checkpoints, columns, states } = view.words;
    const reached = (state: string) => state === 'confirmed' || state === 'final';
    return {
      title: words.title(String(number)),
      lead: words.lead,
      section: 'batches',
      content: html`${facts([
          [columns.entries, view.format.number(batch.size)],
          [columns.sealed, time(view, batch.sealedAt)],
          [columns.root, code(Buffer.from(batch.root).toString('hex'))],
          [
            columns.logSize,
            html`<a href="${view.href('explorer/checkpoints', { before: batch.covering.size + 1 })}"
              >${batch.covering.size}</a
            >`,
          ],
        ])}
        <h2>${words.way}</h2>
        <figure>
          ${wayPicture(
            [
              `${columns.entries} · ${view.format.number(batch.size)}`,
              words.title(String(number)),
              checkpoints.checkpoint(String(batch.covering.size)),
            ],
            anchors.map(({ anchor, state }) => ({ label: anchor, isReached: reached(state) })),
            words.picture,
          )}
        </figure>
        ${
          anchors.length === 0
            ? html`<p class="nothing">${view.words.anchors.none}</p>`
            : table(
                view,
                words.way,
                [
                  { heading: columns.anchor },
                  { heading: columns.state },
                  { heading: columns.since },
                  { heading: columns.detail },
                ],
                anchors.map(({ anchor, detail, since, state }) => [
                  anchor,
                  html`<span class="state ${state}">${states[state]}</span>`,
                  time(view, since),
                  html`<span lang="en">${detail}</span>`,
                ]),
              )
        }
        <h2>${words.raw}</h2>
        <h3>${words.entry}</h3>
        <pre tabindex="0">${Buffer.from(batch.entry).toString('base64')}</pre>
        <h3>${words.note}</h3>
        <pre tabindex="0">${batch.covering.note}</pre>`,
    };
  }

  /** The checkpoints below size `before`, newest first. */
  async checkpointList(view: View, before: number | undefined): Promise<Body> {
    const { columns, checkpoints: words } = view.words;
    const rows = await this.checkpoints.list(before ?? null, PAGE);
    return {
      title: words.title,
      lead: words.lead,
      section: 'checkpoints',
      content: html`${table(
        view,
        words.title,
        [
          { heading: columns.logSize, isNumber: true },
          { heading: columns.total, isNumber: true },
          { heading: columns.created },
          { heading: columns.root },
        ],
        rows.map(({ createdAt, records, root, size }) => [
          html`<a href="${view.href(`explorer/batches/${size - 1}`)}">${size}</a>`,
          view.format.number(records),
          time(view, createdAt),
          code(Buffer.from(root).toString('hex')),
        ]),
      )}
      ${pager(view, 'explorer/checkpoints', before, rows.length === PAGE ? rows.at(-1)!.size : undefined)}`,
    };
  }
}

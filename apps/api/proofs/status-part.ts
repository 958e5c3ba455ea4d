import { Injectable } from '@nestjs/common';
import type { Batch } from '#database/batch.repository.js';
import { LogTree } from '#sealing/log-tree.js';
import { readEntry } from '#sealing/read-entry.js';
import { type LoggedEvent, StatusReader } from '#sealing/status-reader.js';
import { toBase64, toHexList } from './proof-text.js';
import type { StatusHead } from './status-heads.js';

/** Writes what a proof says of a record's status. */
@Injectable()
export class StatusPart {
  constructor(
    private readonly reader: StatusReader,
    private readonly logTree: LogTree,
  ) {}

  /** Member `status` of the proof of the record at `index` of `batch`, as of the log under `head`: canonical JSON, from parts that are that already.
   * `elsewhere`: anchors whose attestation of that checkpoint the proof holds among those of the log. */
  async json(batch: Batch, index: number, head: StatusHead, elsewhere: ReadonlySet<string>): Promise<string> {
    const [path, { leaf, path: leafPath, events }] = await Promise.all([
      this.logTree.inclusionPath(batch.number, head.size),
      this.reader.status(readEntry(batch.entry).first + index, head.size),
    ]);
    const attestations = head.attestations.filter(({ anchor }) => !elsewhere.has(anchor)).map(({ json }) => json);
    const checkpoint = `{"attestations":[${attestations.join()}],"note":${JSON.stringify(head.note)},"path":${toHexList(path)}}`;
    return (
      `{"batch":${head.batch},"checkpoint":${checkpoint},"events":[${events.map(eventJson).join()}],` +
      `"leaf":{"path":${toHexList(leafPath)},"value":"${toBase64(leaf)}"}}`
    );
  }
}

function eventJson({ batch, entry, index, path, statement }: LoggedEvent): string {
  return (
    `{"batch":{"entry":"${toBase64(batch.entry)}","path":${toHexList(batch.path)}},"entry":"${toBase64(entry)}",` +
    `"index":${index},"path":${toHexList(path)},"statement":${statement}}`
  );
}

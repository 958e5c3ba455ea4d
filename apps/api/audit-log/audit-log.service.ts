import { Injectable } from '@nestjs/common';
import { AuditHeadRepository } from '#database/audit-head.repository.js';
import { AuditLogRepository } from '#database/audit-log.repository.js';

/** The audit log, as the HTTP API speaks of it. */
@Injectable()
export class AuditLogService {
  constructor(
    private readonly auditLog: AuditLogRepository,
    private readonly heads: AuditHeadRepository,
  ) {}

  /** At most `limit` acts after the one that the cursor names; JSON text, and the `Link` of the next page where there is one. */
  async page(after: string | undefined, limit: number): Promise<{ json: string; link: string | undefined }> {
    const first = after === undefined ? 0 : Number(after) + 1;
    // One more than asked: whether there is a next page.
    const found = await this.auditLog.list(first, limit + 1);
    const acts = found.slice(0, limit);
    const cursor = acts.length === 0 ? (after ?? null) : String(first + acts.length - 1);
    return {
      // The very texts that were hashed.
      json: `{"acts":[${acts.join(',')}],"cursor":${JSON.stringify(cursor)}}`,
      link: found.length > limit ? `</v1/audit?after=${cursor}&limit=${limit}>; rel="next"` : undefined,
    };
  }

  /** Where it stands. */
  async head(): Promise<object> {
    const [{ size, root }, notarised] = await Promise.all([this.auditLog.head(), this.heads.newest()]);
    return {
      size,
      root: Buffer.from(root).toString('hex'),
      notarised: notarised && {
        size: notarised.size,
        text: notarised.head,
        at: notarised.at.toISOString(),
        record: notarised.recordId,
      },
    };
  }
}

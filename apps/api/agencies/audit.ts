import { Logger } from '@nestjs/common';
import { AUDIT_CONTEXT } from '#config/logger.js';

/** What an administrator can do. */
export type Act = 'agency.created' | 'key.created' | 'key.changed' | 'key.revoked';

/** Writes who did what to the log, whatever its level: the holder of the admin token, from the address `from`, to `object`
 * (an agency's domain; for keys with the key's prefix). Called after it is done. */
export function audit(act: Act, from: string, object: { agency: string; key?: string }): void {
  new Logger(AUDIT_CONTEXT).log({ act, actor: 'admin-token', from, object });
}

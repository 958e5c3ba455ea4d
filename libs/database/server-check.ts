import type pg from 'pg';

/** What may be wrong with a database server that is nevertheless used, knowingly. */
export const SERVER_RISKS = ['fsync-off', 'full-page-writes-off', 'unlogged-tables'] as const;
export type ServerRisk = (typeof SERVER_RISKS)[number];

/** The database may lose what was acknowledged, or cannot be written to. */
export class UnfitServerError extends Error {
  readonly code = 'unfit-server';
  constructor(readonly problems: string[]) {
    super(
      `The database cannot keep what this service promises:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
    this.name = 'UnfitServerError';
  }
}

/** Nobody answered who could be asked. */
export class UnreachableServerError extends Error {
  readonly code = 'unreachable-server';
  constructor(url: string, cause: Error) {
    const { hostname, port, pathname } = new URL(url);
    // A name with several addresses fails once for each, and the whole has no message.
    const causes = cause instanceof AggregateError ? (cause.errors as Error[]) : [cause];
    const got = causes.map(({ message }) => message).join('; ');
    super(
      `Connecting to the database ${pathname.slice(1)} at ${hostname}:${port || 5432}: expected a PostgreSQL that lets this service in, got: ${got}; see DATABASE_URL`,
      { cause },
    );
    this.name = 'UnreachableServerError';
  }
}

/** Looks whether the server keeps what it has acknowledged over a crash, as far as its settings tell.
 * @param accepted risks that are taken knowingly (DATABASE_ACCEPTED_RISKS)
 * @returns a sentence for each of those that is there
 * @throws UnfitServerError that names everything that is not accepted */
export async function checkServer(pool: Pick<pg.Pool, 'query'>, accepted: readonly ServerRisk[]): Promise<string[]> {
  const { rows } = await pool.query<{
    standby: boolean;
    readOnly: string;
    fsync: string;
    fullPageWrites: string;
    unlogged: string[];
  }>(`SELECT pg_is_in_recovery() AS "standby", current_setting('transaction_read_only') AS "readOnly",
      current_setting('fsync') AS "fsync", current_setting('full_page_writes') AS "fullPageWrites",
      ARRAY(SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
        AND c.relkind IN ('r', 'p') AND c.relpersistence = 'u' ORDER BY 1) AS "unlogged"`);
  const { standby, readOnly, fsync, fullPageWrites, unlogged } = rows[0]!;
  const refused: string[] = [];
  const said: string[] = [];
  const note = (risk: ServerRisk, text: string) => {
    if (accepted.includes(risk)) said.push(`${text}; accepted by DATABASE_ACCEPTED_RISKS`);
    else refused.push(`${text}; where that is meant so, add ${risk} to DATABASE_ACCEPTED_RISKS`);
  };
  if (standby) refused.push('it is a standby, which nothing can be written to: expected the primary in DATABASE_URL');
  else if (readOnly === 'on')
    refused.push('expected default_transaction_read_only = off, got on: nothing can be written to it');
  if (fsync !== 'on')
    note('fsync-off', `expected fsync = on, got ${fsync}: a power cut or crash of the machine may destroy it wholly`);
  if (fullPageWrites !== 'on')
    note(
      'full-page-writes-off',
      `expected full_page_writes = on, got ${fullPageWrites}: safe only on a file system that never leaves a page half written`,
    );
  if (unlogged.length > 0)
    note('unlogged-tables', `expected only logged tables, got ${unlogged.join(', ')} unlogged: a crash empties them`);
  if (refused.length > 0) throw new UnfitServerError(refused);
  return said;
}

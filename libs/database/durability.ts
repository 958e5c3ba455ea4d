/**
 * SQL expression that makes the commit of the transaction in which it is evaluated wait for the disk, and is true. Whatever is promised to
 * somebody is written with it: a database, a role or a server may have `synchronous_commit = off` as its default. It is part of the
 * transaction, neither of the session nor of the connection's start, so that it also holds behind a pooler that shares connections.
 * A stronger setting (waiting for standbys) stays as it is.
 */
export const DURABLY = durably(true);

/** Statement that asks the same of every later transaction of a session: what is not promised to anybody is seldom lost either. */
export const DURABLE_SESSION = `SELECT ${durably(false)}`;

function durably(local: boolean): string {
  return `set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, ${local}) IS NOT NULL`;
}

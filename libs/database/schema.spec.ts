import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from './testing.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** Tables and columns, each with whether it may be null, as `table.column` or `table.column?`, out of the schema's text. */
function described(): string[] {
  const schema = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
  return [...schema.matchAll(/^model \w+ \{\n([^]*?)^\}/gm)].flatMap(([, body]) => {
    const table = /@@map\("(\w+)"\)/.exec(body!)![1]!;
    return body!.split('\n').flatMap((line) => {
      const field = /^ {2}(\w+) +([A-Z]\w*)(\[\])?(\?)?( .*)?$/.exec(line);
      if (field === null) return [];
      const [, name, type, list, optional, rest = ''] = field;
      // What leads to another model is no column; a list of values is.
      if (rest.includes('@relation') || (list !== undefined && !['Bytes', 'Int', 'String'].includes(type!))) return [];
      return [`${table}.${/@map\("(\w+)"\)/.exec(rest)?.[1] ?? name!}${optional ?? ''}`];
    });
  });
}

it('the schema describes every table of the migrated database, and every column of it', async () => {
  const { rows } = await db.pool.query<{ column: string }>(
    `SELECT c.relname || '.' || a.attname || CASE WHEN a.attnotnull OR format_type(a.atttypid, a.atttypmod) LIKE '%[]' THEN '' ELSE '?' END AS "column"
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE '\\_%'`,
  );
  expect(described().toSorted()).toEqual(rows.map(({ column }) => column).toSorted());
});

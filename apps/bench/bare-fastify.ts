import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

/** The raw limit of an HTTP service on this machine: Fastify that commits posted rows in groups and does nothing else with them, and that answers a
 * GET with a body of a given size, also with one row of the table, read by its key, in it. Run as a process of its own: `bare-fastify.js DATABASE_URL STATEMENT_BYTES`; prints its port. */

/** The group commit of the raw limit: requests within this time, or so many rows, share one insert. */
const COMMIT_INTERVAL_MS = 2;
const COMMIT_MAX_ROWS = 500;

interface Waiting {
  digest: Buffer;
  answer: (id: string) => void;
  fail: (error: Error) => void;
}

const [url, statementBytes] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 10 });
const statement = 's'.repeat(Number(statementBytes));
let waiting: Waiting[] = [];
let timer: NodeJS.Timeout | undefined;

async function flush(): Promise<void> {
  const group = waiting;
  waiting = [];
  clearTimeout(timer);
  timer = undefined;
  const ids = group.map(() => randomUUID());
  try {
    await pool.query({
      name: 'insert',
      text: 'INSERT INTO raw_record SELECT u, 1, 1, 0, d, NULL, s FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS r(u, d, s)',
      values: [ids, group.map((row) => row.digest), group.map(() => statement)],
    });
    group.forEach((row, i) => row.answer(ids[i]!));
  } catch (error) {
    group.forEach((row) => row.fail(error instanceof Error ? error : new Error(String(error))));
  }
}

const app = Fastify();
app.post<{ Body: { digests: { sha256: string } } }>('/records', (request) => {
  const digest = Buffer.from(request.body.digests.sha256, 'hex');
  return new Promise<{ id: string }>((answer, fail) => {
    waiting.push({ digest, answer: (id) => answer({ id }), fail });
    if (waiting.length >= COMMIT_MAX_ROWS) void flush();
    else timer ??= setTimeout(() => void flush(), COMMIT_INTERVAL_MS);
  });
});
app.get<{ Params: { size: string } }>('/answers/:size', (request, reply) => {
  void reply.header('content-type', 'application/json').send('x'.repeat(Number(request.params.size)));
});
app.get<{ Params: { size: string; id: string } }>('/answers/:size/:id', async (request, reply) => {
  const { rows } = await pool.query<{ statement: string }>({
    name: 'find',
    text: 'SELECT statement FROM raw_record WHERE id = $1',
    values: [request.params.id],
  });
  const body = rows[0]!.statement.padEnd(Number(request.params.size), 'x');
  return reply.header('content-type', 'application/json').send(body);
});
await app.listen({ host: '127.0.0.1', port: 0 });
console.log(JSON.stringify({ port: (app.server.address() as { port: number }).port }));

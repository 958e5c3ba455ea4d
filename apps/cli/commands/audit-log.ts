import { join } from 'node:path';
import type { AdminOptions } from './admin.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { findInput } from '../input-file.js';
import { writeWholeFile } from '../output-file.js';
import { requestProof } from '../proof-request.js';
import { connect, findAdminToken, warnIfUnencrypted } from '../service.js';
import type { ServiceClient } from '../service-client.js';
import { visible } from '../terminal.js';

/** Acts of one answer. */
const PAGE = 1000;

interface Head {
  size: number;
  root: string;
  notarised: { size: number; at: string; record: string; text: string } | null;
}

/**
 * Reads the whole audit log of a service and recomputes what its heads commit to; keeps it in `folder`, with the notarised head as a document and that one's
 * proof beside it, and compares it with what was kept there before. Returns the exit code: 1 when something was changed.
 */
export async function checkAuditLog(context: Context, folder: string, options: AdminOptions): Promise<ExitCode> {
  const { terminal } = context;
  const client = connect(context, options);
  const token = await findAdminToken(context, options);
  warnIfUnencrypted(context, client);
  // The head first: what is done meanwhile comes after it.
  const head = parseHead(await client.json('/v1/audit/head'));
  const known = ((await findInput(join(folder, 'acts.ndjson')))?.toString('utf8') ?? '').split('\n').slice(0, -1);
  const { texts, roots } = await replay(client, token, [head.size, head.notarised?.size ?? 0]);
  const faults = [
    ...known
      .flatMap((text, i) => (texts[i] === text ? [] : [`act ${i} is not the one that was kept in ${folder}`]))
      .slice(0, 10),
    ...(roots.get(head.size) === head.root ? [] : [`the acts do not lead to the head of size ${head.size}`]),
    ...(await faultsOfNotarised(head, roots)),
  ];
  if (faults.length === 0) {
    await writeWholeFile(join(folder, 'acts.ndjson'), texts.map((text) => `${text}\n`).join(''), { replace: true });
    if (head.notarised !== null) await keepNotarised(client, folder, head.notarised);
  }
  if (options.json)
    terminal.json({ acts: texts.length, size: head.size, root: head.root, notarised: head.notarised, faults });
  else {
    for (const fault of faults) terminal.print(`Wrong: ${visible(fault)}.`);
    if (faults.length === 0) terminal.print(`${texts.length} acts, which lead to the head of size ${head.size}.`);
    if (faults.length === 0 && head.notarised !== null) {
      const { size, at, record } = head.notarised;
      terminal.print(`The first ${size} were notarised at ${visible(at)} by the record ${visible(record)}.`);
      terminal.note(`Next: sealroot verify ${visible(join(folder, 'head.txt'))}`);
    } else if (faults.length === 0) terminal.note('No head of it was notarised yet.');
  }
  return faults.length === 0 ? EXIT.ok : EXIT.mismatch;
}

async function faultsOfNotarised({ notarised }: Head, roots: ReadonlyMap<number, string>): Promise<string[]> {
  if (notarised === null) return [];
  const { parseCheckpoint } = await import('#tlog/checkpoint.js');
  const said = parseCheckpoint(notarised.text);
  const root = Buffer.from(said.root).toString('hex');
  if (said.size === notarised.size && roots.get(said.size) === root) return [];
  return [`the acts do not lead to the notarised head of size ${notarised.size}`];
}

/** The texts of all acts, and the root, hex, at each of `sizes`. */
async function replay(
  client: ServiceClient,
  token: string,
  sizes: readonly number[],
): Promise<{ texts: string[]; roots: Map<number, string> }> {
  const [{ ActReplay }, { canonicalize }] = await Promise.all([import('#audit/act.js'), import('#statement/jcs.js')]);
  const tree = new ActReplay();
  const texts: string[] = [];
  const roots = new Map<number, string>();
  const note = () => {
    const { size, root } = tree.head();
    if (sizes.includes(size)) roots.set(size, Buffer.from(root).toString('hex'));
  };
  note();
  for (let after = ''; ;) {
    const page = (await client.json(`/v1/audit?limit=${PAGE}${after}`, { token })) as {
      acts?: unknown[];
      cursor?: string;
    };
    if (!Array.isArray(page.acts))
      throw new CliError('protocol', 'Reading the audit log: expected acts, got something else');
    for (const act of page.acts) {
      tree.add(act);
      texts.push(canonicalize(act));
      note();
    }
    if (page.acts.length < PAGE) return { texts, roots };
    after = `&after=${encodeURIComponent(String(page.cursor))}`;
  }
}

/** The head as a document, and its record's proof: `sealroot verify` takes them like any other. */
async function keepNotarised(
  client: ServiceClient,
  folder: string,
  { record, text }: NonNullable<Head['notarised']>,
): Promise<void> {
  await writeWholeFile(join(folder, 'head.txt'), text, { replace: true });
  const proof = await requestProof(client, record);
  if (proof.state !== 'ready') return;
  await writeWholeFile(join(folder, 'head.txt.sealroot.json'), proof.text, { replace: true });
}

function parseHead(answer: unknown): Head {
  const head = answer as Partial<Head> | undefined;
  if (Number.isSafeInteger(head?.size) && typeof head?.root === 'string') return { notarised: null, ...head } as Head;
  throw new CliError('protocol', 'Reading the head of the audit log: expected its size and root, got something else');
}

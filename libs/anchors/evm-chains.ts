import { z } from 'zod';

const hex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`), `expected 0x and ${bytes * 2} hex digits`)
    .transform((text) => text.toLowerCase());

/** An address that every client of a node takes. */
const rpcUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http or https URL', abort: true })
  .refine((text) => new URL(text).hash === '', 'expected a URL without fragment')
  .refine((text) => hasReadableCredentials(new URL(text)), 'expected percent-encoded credentials');

const chainSchema = z.strictObject({
  /** Names the anchor: `evm:<name>`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'expected lower-case letters, digits and hyphens'),
  /** JSON-RPC addresses; the later ones stand in for the first and are compared with it. */
  rpcUrls: z.array(rpcUrl).min(1),
  chainId: z.int().min(1),
  /** Hash of block 0. */
  genesis: hex(32),
  /** Who gets the transaction: any address, the own one unless given. */
  to: hex(20).optional(),
  /** Unit of block times: seconds, but for a few consortium chains. */
  blockTimeUnit: z.enum(['s', 'ms']).default('s'),
  /** When a block counts as final: the chain's own tag, or this many blocks on top of it and itself. */
  finality: z
    .union([z.enum(['finalized', 'latest']), z.strictObject({ blocks: z.int().min(1).max(100_000) })], {
      error: 'expected finalized, latest or {"blocks": 12}',
    })
    .default('finalized'),
  /** Most that a unit of gas may cost, in gwei. */
  maxFeeGwei: z.number().min(0).max(1_000_000).default(50),
  /** A transaction that is not final is looked at again after this time. */
  pollSeconds: z.int().min(1).max(86_400).default(15),
});

/** An EVM chain that checkpoints are anchored in. Hex with 0x, lower case. */
export type EvmChainSettings = z.output<typeof chainSchema>;

/** The chains, as a JSON array. */
export const evmChains = z.string().transform((text, context): EvmChainSettings[] => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the text, which may hold the key of an RPC.
    const [at = ''] = /at position \d+|end of JSON input/.exec((error as Error).message) ?? [];
    context.addIssue(`expected a JSON array of chains, got no JSON${at === '' ? '' : ` (${at})`}`);
    return z.NEVER;
  }
  const chains = z.array(chainSchema).max(16).safeParse(value);
  if (!chains.success) {
    for (const { path, message } of chains.error.issues) context.addIssue(`at /${path.join('/')}: ${message}`);
    return z.NEVER;
  }
  for (const { name } of chains.data)
    if (chains.data.filter((chain) => chain.name === name).length > 1)
      context.addIssue(`expected each name once, got ${name} again`);
  return chains.data;
});

function hasReadableCredentials({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    // Not percent-encoding. The error would quote it.
    return false;
  }
}

import { z } from 'zod';
import { PROXY_VARIABLES, proxyVariable } from '#outbound/proxy-settings.js';
import { calendarPattern, PUBLIC_CALENDAR_HOSTS, PUBLIC_POOLS } from './calendars.js';
import { ConfigError } from './config-error.js';
import { crossCheck } from './cross-check.js';
import { withPassword } from './database-password.js';
import { evmChains } from './evm-chains.js';
import { httpUrl, integer, list, perAnchor, proxyUrl } from './setting.js';

export { ConfigError };

/** Nest injection token of the parsed configuration. */
export const CONFIG = Symbol('CONFIG');

/** Most records in one batch: 2^20, the limit of the batch format. */
const BATCH_LIMIT_RECORDS = 1_048_576;

/** Every setting of the service: environment name, meaning, default. `.env.example` is written from this object. */
export const configSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
  PORT: integer(0, 65_535).default(3000).describe('Port to listen on; 0 takes a free one'),
  WORKER_PORT: integer(0, 65_535)
    .optional()
    .describe('Port on HOST at which a worker that is a process of its own tells its health; without it, nowhere'),
  PUBLIC_URL: httpUrl.optional().describe('The URL under which others reach this service; used in links it prints'),
  TRUSTED_PROXIES: list(
    z.string().regex(/^[0-9a-fA-F:.]+(\/\d{1,3})?$/, 'expected addresses or networks such as 10.0.0.0/8'),
  )
    .default([])
    .describe('Addresses or networks of proxies in front whose X-Forwarded-For is believed, separated by commas'),
  DATA_DIR: z.string().min(1).default('./data').describe('Folder of the embedded database and of generated keys'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'expected a postgresql:// URL' })
    .optional()
    .describe('PostgreSQL to use; without it an embedded one is started in DATA_DIR'),
  DATABASE_PASSWORD_FILE: z.string().min(1).optional().describe('File of its password, instead of one in the URL'),
  DATABASE_POOL_SIZE: integer(2, 200).default(10).describe('PostgreSQL connections per process'),
  DATABASE_READ_POOL_SIZE: integer(1, 200)
    .default(3)
    .describe('Further PostgreSQL connections per process, for what anybody may read without a key'),
  DATABASE_ACCEPTED_RISKS: list(
    z.enum(['fsync-off', 'full-page-writes-off', 'unlogged-tables'], {
      error: 'expected fsync-off, full-page-writes-off or unlogged-tables',
    }),
  )
    .default([])
    .describe(
      'Dangers of the database server that are accepted knowingly: fsync-off, full-page-writes-off, unlogged-tables',
    ),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'expected a redis:// or rediss:// URL' })
    .optional()
    .describe('Redis for the queue; without it the queue lives in PostgreSQL'),
  LOG_ORIGIN: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.:-]*(\/[A-Za-z0-9._~-]+)*$/,
      'expected a name such as notary.example.gov/log, without a scheme',
    )
    .max(128, 'expected at most 128 characters, the limit of the batch entry')
    .default('localhost/sealroot')
    .describe('Name of the batch log: a host name you own and a path, for ever'),
  SIGNING_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file (PKCS #8) of the Ed25519 key; made in DATA_DIR by npm start'),
  SIGNING_KEY: z.string().min(1).optional().describe('The same key as PEM text, instead of a file'),
  ADMIN_TOKEN_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File of the bearer token of the admin routes; made in DATA_DIR by npm start'),
  ADMIN_TOKEN: z
    .string()
    .min(24, 'expected at least 24 characters')
    .optional()
    .describe('The same token as text, instead of a file'),
  LOG_PREDECESSOR_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('The newest known signed checkpoint of the log that ends, when LOG_ORIGIN names one that follows it'),
  CHECKPOINT_FILE: list(z.string().min(1))
    .default([])
    .describe(
      'Files that keep the newest signed checkpoint, outside the database and its backups; a database that is behind is refused',
    ),
  SEAL_INTERVAL_MS: integer(50, 3_600_000).default(1000).describe('A waiting record is sealed after this time'),
  BATCH_MAX_RECORDS: integer(1, BATCH_LIMIT_RECORDS)
    .default(131_072)
    .describe('A batch is sealed at this many records at the latest'),
  WRONG_TIME_BATCH: integer(0, 4_294_967_295)
    .optional()
    .describe('Number of a batch sealed by a clock that was ahead: sealing goes on although its time is still to come'),
  COMMIT_INTERVAL_MS: integer(0, 1000).default(2).describe('Requests that arrive within this time share one commit'),
  COMMIT_MAX_RECORDS: integer(1, 10_000).default(1000).describe('Records that share one commit at the most'),
  ANCHORS: list(
    z.enum(['opentimestamps', 'bitcoin', 'evm', 'rfc3161', 'none'], {
      error: 'expected opentimestamps, bitcoin, evm, rfc3161 or none',
    }),
  )
    .default(['opentimestamps'])
    .describe('Anchors of every checkpoint: opentimestamps, bitcoin, evm, rfc3161, separated by commas, or none'),
  ANCHOR_INTERVAL_SECONDS: integer(1, 86_400)
    .default(60)
    .describe('A new checkpoint is anchored at most once in this time'),
  ANCHOR_INTERVALS: perAnchor(5, 'a whole number of seconds', 'bitcoin=3600,evm:main=300')
    .default(new Map())
    .describe('Other intervals for some anchors, such as bitcoin=3600,evm:main=300'),
  ANCHOR_OVERDUE_SECONDS: integer(1, 31_536_000)
    .default(86_400)
    .describe('An anchor is overdue when it has not confirmed a batch that is older than this'),
  ANCHOR_OVERDUE_TIMES: perAnchor(8, 'a whole number of seconds', 'rfc3161=600,evm:main=3600')
    .default(new Map())
    .describe('Other such times for some anchors, in seconds, such as rfc3161=600,evm:main=3600'),
  ANCHOR_BUDGETS: perAnchor(30, 'a whole number of satoshis or wei a day', 'bitcoin=50000,evm:main=2000000000000000')
    .default(new Map())
    .describe('Most that an anchor may spend in 24 hours, in satoshis or wei, such as bitcoin=50000; then it pauses'),
  BEACON: z
    .string()
    .regex(/^(none|bitcoin|evm:[a-z0-9-]+)$/, 'expected none, bitcoin or evm:<name of a chain>')
    .default('bitcoin')
    .describe(
      'Chain whose newest block is named in every batch, which shows that the batch is not older: bitcoin, evm:<name> or none',
    ),
  OTS_CALENDARS: list(httpUrl)
    .default(PUBLIC_POOLS)
    .describe('OpenTimestamps calendars to submit to, separated by commas'),
  OTS_CALENDAR_ALLOW: list(calendarPattern)
    .default(PUBLIC_CALENDAR_HOSTS)
    .describe('Further calendars that may be asked for an upgrade; *. stands for any names before it'),
  OTS_QUORUM: integer(1, 20).default(2).describe('Calendars that must answer before a submission counts as made'),
  OTS_TIMEOUT_MS: integer(100, 60_000).default(5000).describe('Time allowed to one calendar request'),
  OTS_POLL_SECONDS: integer(1, 86_400).default(300).describe('Pending submissions are looked at again after this time'),
  BITCOIN_RPC_URL: httpUrl
    .optional()
    .describe(
      'Bitcoin Core RPC (http://user:password@host:port): source of block headers, and node of the anchor bitcoin',
    ),
  BITCOIN_RPC_COOKIE_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('The cookie file of that node, instead of user and password'),
  BITCOIN_WALLET: z
    .string()
    .min(1)
    .optional()
    .describe('Wallet that pays for the anchor bitcoin; without it the only one that the node has loaded'),
  BITCOIN_NETWORK: z
    .enum(
      ['mainnet', 'testnet', 'testnet4', 'signet', 'regtest'],
      'expected mainnet, testnet, testnet4, signet or regtest',
    )
    .optional()
    .describe(
      'Chain that header sources must serve, mainnet in production; without it any chain counts, and answers name it',
    ),
  BITCOIN_MAX_FEE_SATS: integer(0, 100_000_000)
    .default(20_000)
    .describe('Most that one checkpoint may cost in the anchor bitcoin, in satoshis, raised fees included'),
  BITCOIN_MIN_FEE_RATE: integer(0, 10_000)
    .default(5)
    .describe(
      'Least that its transaction pays, in satoshis per virtual byte; what it begins with while the node estimates no fees',
    ),
  BITCOIN_CONF_TARGET: integer(1, 1008)
    .default(6)
    .describe('Blocks within which its transaction should confirm; after as many its fee is raised'),
  BITCOIN_FINAL_BLOCKS: integer(1, 1000)
    .default(6)
    .describe('Blocks, its own included, after which its transaction counts as final'),
  BITCOIN_POLL_SECONDS: integer(1, 86_400).default(60).describe('Its transactions are looked at again after this time'),
  OTS_CALENDAR: z
    .enum(['on', 'off'], 'expected on or off')
    .default('off')
    .describe('Whether this service is an OpenTimestamps calendar for others; needs the anchor bitcoin and PUBLIC_URL'),
  OTS_CALENDAR_RATE: integer(1, 1_000_000)
    .default(120)
    .describe('Requests a minute that the calendar takes from one address'),
  OTS_CALENDAR_RATE_TOTAL: integer(1, 10_000_000)
    .default(6000)
    .describe('Digests a minute that the calendar takes in all, in each process'),
  EVM_CHAINS: evmChains
    .default([])
    .describe('Chains of the anchor evm, a JSON array of objects; docker/anchoring.md describes their members'),
  EVM_PRIVATE_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File of the private key (64 hex digits) of the account that pays on those chains'),
  EVM_PRIVATE_KEY: z
    .string()
    .regex(/^(0x)?[0-9a-fA-F]{64}$/, 'expected 64 hex digits')
    .optional()
    .describe('The same key as text, instead of a file'),
  EVM_TIMEOUT_MS: integer(100, 60_000).default(10_000).describe('Time allowed to one call of a chain'),
  TSA_URLS: list(httpUrl)
    .default([])
    .describe(
      'Time-stamp authorities of the anchor rfc3161, separated by commas; the later ones stand in for the first',
    ),
  TSA_ROOTS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'PEM file of the root certificates that their tokens must lead to, and of issuers that the tokens leave out',
    ),
  TSA_TIMEOUT_MS: integer(100, 60_000).default(10_000).describe('Time allowed to one request of an authority'),
  ESPLORA_URLS: list(httpUrl)
    .default(['https://blockstream.info/api', 'https://mempool.space/api'])
    .describe('Esplora-type HTTP services as sources of block headers; empty for none'),
  HEADER_TIMEOUT_MS: integer(100, 60_000).default(5000).describe('Time allowed to one header request'),
  HTTPS_PROXY: proxyUrl
    .optional()
    .describe('Proxy for requests to https addresses outside, such as http://proxy.example.gov:3128'),
  HTTP_PROXY: proxyUrl.optional().describe('Proxy for requests to http addresses outside'),
  NO_PROXY: z
    .string()
    .optional()
    .describe(
      'Names with all below them, addresses, networks to ask without the proxy, separated by commas; this machine always is',
    ),
  BODY_LIMIT_BYTES: integer(1024, 67_108_864).default(4_194_304).describe('Largest request body'),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info').describe('Least severe log lines to print'),
});

type Parsed = z.output<typeof configSchema>;
type Camel<S extends string> = S extends `${infer A}_${infer B}`
  ? `${Lowercase<A>}${Capitalize<Camel<B>>}`
  : Lowercase<S>;

/** The configuration as the code sees it: the schema's keys in camelCase, parsed. `anchors` holds the anchors' own names: none for `none`,
 * `evm:<name>` for each of the chains. */
export type Config = { [K in keyof Omit<Parsed, 'ANCHORS'> as Camel<K>]: Parsed[K] } & { anchors: string[] };

/** Lists whose empty value means none, not the default. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['ESPLORA_URLS', 'OTS_CALENDAR_ALLOW']);

/** Settings whose value no message shows. */
const SECRET: ReadonlySet<string> = new Set([
  'SIGNING_KEY',
  'ADMIN_TOKEN',
  'DATABASE_URL',
  'REDIS_URL',
  'BITCOIN_RPC_URL',
  'EVM_CHAINS',
  'EVM_PRIVATE_KEY',
  'TSA_URLS',
  'HTTPS_PROXY',
  'HTTP_PROXY',
]);

/** Reads the configuration from environment variables. Empty values count as absent, except for lists, where they mean none.
 * @throws ConfigError that names every bad key, not only the first */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given: Record<string, string> = {};
  for (const key of Object.keys(configSchema.shape)) {
    const value = env[key];
    if (value !== undefined && (value !== '' || MAY_BE_EMPTY.has(key))) given[key] = value;
  }
  // Other programs know these in small letters as well.
  for (const key of PROXY_VARIABLES) {
    const value = proxyVariable(env, key);
    if (value !== undefined) given[key] = value;
  }
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => {
        const key = String(issue.path[0]);
        return { key, detail: SECRET.has(key) ? issue.message : `${issue.message}, got ${JSON.stringify(given[key])}` };
      }),
    );
  }
  const config = Object.fromEntries(
    Object.entries(parsed.data).map(([key, value]) => [
      key.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  ) as Config;
  config.anchors = parsed.data.ANCHORS.flatMap((anchor) => {
    if (anchor === 'evm') return parsed.data.EVM_CHAINS.map(({ name }) => `evm:${name}`);
    return anchor === 'none' ? [] : [anchor];
  });
  const problems = crossCheck(config);
  if (parsed.data.ANCHORS.includes('evm') && config.evmChains.length === 0)
    problems.push({ key: 'EVM_CHAINS', detail: 'expected at least one chain for the anchor evm, got none' });
  if (problems.length > 0) throw new ConfigError(problems);
  if (config.databaseUrl !== undefined && config.databasePasswordFile !== undefined)
    config.databaseUrl = withPassword(config.databaseUrl, config.databasePasswordFile);
  return config;
}

import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { ANCHOR_KINDS, ANCHOR_SETTINGS, DEFAULT_ANCHOR } from '#anchors/kinds.js';
import { parseNetwork } from '#outbound/networks.js';
import { PROXY_VARIABLES, proxyVariable } from '#outbound/proxy-settings.js';
import { ConfigError } from '#setting/config-error.js';
import {
  httpUrl,
  integer,
  isMarked,
  list,
  MAY_BE_EMPTY,
  SECRET,
  settingName,
  type SettingsOf,
} from '#setting/setting.js';
import { crossCheck } from './cross-check.js';
import { withPassword } from './database-password.js';
import { perAnchor } from './per-anchor.js';
import { proxyUrl } from './proxy-url.js';

/** Nest injection token of the parsed configuration. */
export const CONFIG = Symbol('CONFIG');

/** Most records in one batch: 2^20, the limit of the batch format. */
const BATCH_LIMIT_RECORDS = 1_048_576;

/** The words of `ANCHORS`. */
const ANCHOR_WORDS = ANCHOR_KINDS.map(({ name }) => name);

/** Every setting of the service: environment name, meaning, default. `.env.example` is written from this object. */
export const configSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
  PORT: integer(0, 65_535).default(3000).describe('Port to listen on; 0 takes a free one'),
  WORKER_PORT: integer(0, 65_535)
    .optional()
    .describe('Port on HOST at which a worker that is a process of its own tells its health; without it, nowhere'),
  PUBLIC_URL: httpUrl
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('The URL under which others reach this service; used in links it prints'),
  OPERATOR_NAME: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Who runs this service, as /.well-known/sealroot.json says it'),
  OPERATOR_URL: httpUrl.optional().describe('A page of the operator, with how to reach him'),
  INCIDENTS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JSON file of incidents that the operator page shows: [{"from","until"?,"title","text"?}], times in RFC 3339',
    ),
  TRUSTED_PROXIES: list(
    z.string().regex(/^[0-9a-fA-F:.]+(\/\d{1,3})?$/, 'expected addresses or networks such as 10.0.0.0/8'),
  )
    .default([])
    .describe('Addresses or networks of proxies in front whose X-Forwarded-For is believed, separated by commas'),
  DATA_DIR: z.string().min(1).default('./data').describe('Folder of the embedded database and of generated keys'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'expected a postgresql:// URL' })
    .optional()
    .describe('PostgreSQL to use; without it an embedded one is started in DATA_DIR')
    .meta(SECRET),
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
    .describe('Redis for the queue; without it the queue lives in PostgreSQL')
    .meta(SECRET),
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
  SIGNING_KEY: z.string().min(1).optional().describe('The same key as PEM text, instead of a file').meta(SECRET),
  ADMIN_TOKEN_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File of the bearer token of the admin routes; made in DATA_DIR by npm start'),
  ADMIN_TOKEN: z
    .string()
    .min(24, 'expected at least 24 characters')
    .optional()
    .describe('The same token as text, instead of a file')
    .meta(SECRET),
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
  PROOF_STATUS_AGE_SECONDS: integer(0, 3600)
    .default(10)
    .describe('A proof shows the status as of a checkpoint that was the newest one at most this long ago'),
  WRONG_TIME_BATCH: integer(0, 4_294_967_295)
    .optional()
    .describe('Number of a batch sealed by a clock that was ahead: sealing goes on although its time is still to come'),
  EVENTS_KEEP_DAYS: integer(30, 3650)
    .default(30)
    .describe('Days for which the events that agencies read at /v1/events are kept'),
  IMPORTS_KEEP_DAYS: integer(1, 3650)
    .default(30)
    .describe(
      'Days after its last lines for which a bulk import tells what was taken, with receipts; its records stay',
    ),
  WEBHOOK_NETWORKS: list(
    z.string().refine((text) => parseNetwork(text) !== null, 'expected addresses or networks such as 10.20.0.0/16'),
  )
    .default([])
    .describe(
      'Networks to which webhooks may go although they are not public, over http too, such as 10.20.0.0/16; all others get https at public addresses alone',
    ),
  QUOTA_REQUESTS: integer(1, 1_000_000_000)
    .optional()
    .describe(
      'Requests that each agency may submit in a window, unless it has a quota of its own; without it, any number',
    ),
  QUOTA_RECORDS: integer(1000, 1_000_000_000)
    .optional()
    .describe('Records that these may submit, however many requests; without it, any number'),
  QUOTA_WINDOW_SECONDS: integer(1, 86_400).default(60).describe('Window of QUOTA_REQUESTS and QUOTA_RECORDS'),
  DNS_RESOLVERS: list(
    z.string().refine(isResolver, 'expected addresses with or without a port, such as 9.9.9.9 or [2620:fe::fe]:53'),
  )
    .default([])
    .describe(
      'Resolvers that must agree on the TXT records by which agencies show that they hold their domains, such as 9.9.9.9,1.1.1.1; without them those of the system',
    ),
  COMMIT_INTERVAL_MS: integer(0, 1000).default(2).describe('Requests that arrive within this time share one commit'),
  COMMIT_MAX_RECORDS: integer(1, 10_000).default(1000).describe('Records that share one commit at the most'),
  ANCHORS: list(z.enum([...ANCHOR_WORDS, 'none'], { error: `expected ${ANCHOR_WORDS.join(', ')} or none` }))
    .default([DEFAULT_ANCHOR])
    .describe(`Anchors of every checkpoint: ${ANCHOR_WORDS.join(', ')}, separated by commas, or none`),
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
  ...ANCHOR_SETTINGS,
  HTTPS_PROXY: proxyUrl
    .optional()
    .describe('Proxy for requests to https addresses outside, such as http://proxy.example.gov:3128')
    .meta(SECRET),
  HTTP_PROXY: proxyUrl.optional().describe('Proxy for requests to http addresses outside').meta(SECRET),
  NO_PROXY: z
    .string()
    .optional()
    .describe(
      'Names with all below them, addresses, networks to ask without the proxy, separated by commas; this machine always is',
    ),
  BODY_LIMIT_BYTES: integer(1024, 67_108_864).default(4_194_304).describe('Largest request body'),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info').describe('Least severe log lines to print'),
});

/** Whether `text` names a resolver: an address, an IPv6 one in brackets where a port follows. */
function isResolver(text: string): boolean {
  const [, v6, v4, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9a-fA-F:.]+?))(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (isIPv6(text)) return true;
  return (v6 === undefined ? isIPv4(v4 ?? '') : isIPv6(v6)) && (port === undefined || Number(port) <= 65_535);
}

type Settings = SettingsOf<typeof configSchema.shape>;

/** The configuration as the code sees it: the schema's keys in camelCase, parsed. `anchors` holds the anchors' own names: none for `none`,
 * several where there are several of a kind. */
export type Config = Omit<Settings, 'anchors'> & { anchors: string[] };

/** Reads the configuration from environment variables. Empty values count as absent, except for lists, where they mean none.
 * @throws ConfigError that names every bad key, not only the first */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given: Record<string, string> = {};
  for (const [key, setting] of Object.entries(configSchema.shape)) {
    const value = env[key];
    if (value !== undefined && (value !== '' || isMarked(setting, MAY_BE_EMPTY))) given[key] = value;
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
        const key = String(issue.path[0]) as keyof typeof configSchema.shape;
        const isSecret = isMarked(configSchema.shape[key], SECRET);
        return { key, detail: isSecret ? issue.message : `${issue.message}, got ${JSON.stringify(given[key])}` };
      }),
    );
  }
  const config = Object.fromEntries(
    Object.entries(parsed.data).map(([key, value]) => [settingName(key), value]),
  ) as Config;
  const wanted = parsed.data.ANCHORS;
  config.anchors = wanted.flatMap((word) => ANCHOR_KINDS.find(({ name }) => name === word)?.anchors(config) ?? []);
  const problems = crossCheck(config, wanted);
  if (problems.length > 0) throw new ConfigError(problems);
  if (config.databaseUrl !== undefined && config.databasePasswordFile !== undefined)
    config.databaseUrl = withPassword(config.databaseUrl, config.databasePasswordFile);
  return config;
}

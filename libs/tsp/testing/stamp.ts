import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elementsOf, readDer, TAG } from '../der.js';
import { writeDer, writeInteger, writeOid, writeSequence } from '../der-writer.js';
import { type IssuedCertificate } from './certificate-authority.js';
import { openssl } from './openssl.js';

/** Policy that the tests' tokens name. */
export const TEST_POLICY = '1.3.6.1.4.1.99999.1';

/** Content type of what a token signs. */
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

const DIGEST_OIDS: Record<string, string> = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

/** How `openssl ts -reply` answers. */
export interface ReplyOptions {
  signer: IssuedCertificate;
  /** Certificates that the token carries beside its signer's. */
  chain: readonly IssuedCertificate[];
  /** Digest of the signature; sha256 unless told. */
  digest?: string | undefined;
  /** Digest of the signed reference to the signer's certificate: sha1 makes it the older ESSCertID. */
  essDigest?: string | undefined;
  /** Whether that reference also names the chain. */
  essChain?: boolean | undefined;
}

/** Lets `openssl ts -reply` answer a request. Returns the TimeStampResp, which may be a rejection. */
export async function replyWithOpenssl(query: Uint8Array, options: ReplyOptions): Promise<Uint8Array> {
  const { signer, chain, digest = 'sha256', essDigest = 'sha256', essChain = false } = options;
  return inFolder(async (folder) => {
    await writeFile(join(folder, 'query.tsq'), query);
    await writeFile(join(folder, 'chain.pem'), chain.map(({ pem }) => pem).join(''));
    await writeFile(join(folder, 'serial'), serialNumber());
    const lines = [
      'serial=serial',
      `signer_digest=${digest}`,
      `default_policy=${TEST_POLICY}`,
      'digests=sha256,sha384,sha512',
      'accuracy=secs:1,millisecs:500',
      'tsa_name=yes',
      `ess_cert_id_chain=${essChain ? 'yes' : 'no'}`,
      `ess_cert_id_alg=${essDigest}`,
    ];
    await writeFile(join(folder, 'ts.cnf'), `[tsa]\ndefault_tsa=here\n[here]\n${lines.join('\n')}\n`);
    const keys = ['-signer', signer.certificateFile, '-inkey', signer.keyFile];
    const withChain = chain.length > 0 ? ['-chain', 'chain.pem'] : [];
    await openssl(
      ['ts', '-reply', '-config', 'ts.cnf', '-queryfile', 'query.tsq', '-out', 'reply.tsr', ...keys, ...withChain],
      folder,
    );
    return new Uint8Array(await readFile(join(folder, 'reply.tsr')));
  });
}

/** What a made-up token says. */
export interface TstInfoOptions {
  /** The data; or their imprint, as DER. */
  message: Uint8Array | { imprint: Uint8Array };
  genTime: Date | string;
  imprintDigest?: string | undefined;
  nonce?: Uint8Array | undefined;
  version?: number | undefined;
  /** Elements after the nonce or in its place, DER. */
  more?: readonly Uint8Array[] | undefined;
}

/** A TSTInfo (RFC 3161 §2.4.2) that says what it is told to, right or wrong. */
export function writeTstInfo(options: TstInfoOptions): Uint8Array {
  const { message, genTime, imprintDigest = 'sha256', nonce, version = 1, more = [] } = options;
  const time =
    typeof genTime === 'string'
      ? genTime
      : `${genTime
          .toISOString()
          .replace(/\.\d+Z$/, '')
          .replace(/[-:T]/g, '')}Z`;
  return writeSequence(
    writeInteger(Uint8Array.of(version)),
    writeOid(TEST_POLICY),
    'imprint' in message ? message.imprint : writeImprint(message, imprintDigest),
    writeInteger(Buffer.from(serialNumber(), 'hex')),
    writeDer(TAG.generalizedTime, Buffer.from(time)),
    ...(nonce ? [writeInteger(nonce)] : []),
    ...more,
  );
}

function writeImprint(message: Uint8Array, digest: string): Uint8Array {
  const hash = createHash(digest).update(message).digest();
  return writeSequence(
    writeSequence(writeOid(DIGEST_OIDS[digest]!), writeDer(TAG.null)),
    writeDer(TAG.octetString, hash),
  );
}

/** What a TimeStampReq with a nonce asks for. */
export function readQuery(query: Uint8Array): { imprint: Uint8Array; nonce: Uint8Array } {
  const fields = elementsOf(readDer(query, 'a request'), 'a request');
  fields.take(TAG.integer);
  const imprint = fields.take(TAG.sequence).bytes;
  return { imprint, nonce: fields.take(TAG.integer).content };
}

/** A TimeStampResp that grants a token. */
export const granted = (token: Uint8Array): Uint8Array =>
  writeSequence(writeSequence(writeInteger(Uint8Array.of(0))), token);

/** How `openssl cms` signs. */
export interface CraftOptions {
  tstInfo: Uint8Array;
  signers: readonly IssuedCertificate[];
  /** Certificates that the token carries beside its signers'. */
  chain?: readonly IssuedCertificate[] | undefined;
  digest?: string | undefined;
  contentType?: string | undefined;
  /** Further options of `openssl cms -sign`. */
  more?: readonly string[] | undefined;
  /** Whether the signed attributes refer to the signer's certificate; they do unless told. */
  ess?: boolean | undefined;
}

/** A token around any TSTInfo, by any certificate: what no proper authority gives, with real signatures. */
export async function craftToken(options: CraftOptions): Promise<Uint8Array> {
  const { tstInfo, signers, chain = [], digest = 'sha256', contentType = TST_INFO, more = [], ess = true } = options;
  return inFolder(async (folder) => {
    await writeFile(join(folder, 'info.der'), tstInfo);
    await writeFile(join(folder, 'chain.pem'), chain.map(({ pem }) => pem).join(''));
    const keys = signers.flatMap(({ certificateFile, keyFile }) => ['-signer', certificateFile, '-inkey', keyFile]);
    const withChain = chain.length > 0 ? ['-certfile', 'chain.pem'] : [];
    const reference = ess ? ['-cades'] : [];
    await openssl(
      [
        'cms',
        '-sign',
        '-binary',
        '-nodetach',
        '-nosmimecap',
        ...reference,
        '-md',
        digest,
        '-econtent_type',
        contentType,
      ].concat(['-in', 'info.der', '-outform', 'DER', '-out', 'token.tst', ...keys, ...withChain, ...more]),
      folder,
    );
    return new Uint8Array(await readFile(join(folder, 'token.tst')));
  });
}

/** What `openssl ts -verify` is given. */
export interface VerifyOptions {
  /** A token, or with `response` a whole TimeStampResp. */
  token: Uint8Array;
  response?: boolean | undefined;
  message: Uint8Array;
  roots: readonly string[];
  untrusted?: readonly string[] | undefined;
  at?: Date | undefined;
}

/** What `openssl ts -verify` says: whether it accepts, and its words. */
export async function verifyWithOpenssl(options: VerifyOptions): Promise<{ accepted: boolean; words: string }> {
  const { token, response, message, roots, untrusted = [], at } = options;
  return inFolder(async (folder) => {
    await writeFile(join(folder, 'data'), message);
    await writeFile(join(folder, 'token'), token);
    await writeFile(join(folder, 'roots.pem'), roots.join(''));
    await writeFile(join(folder, 'chain.pem'), untrusted.join(''));
    const time = at ? ['-attime', String(Math.floor(at.getTime() / 1000))] : [];
    const form = response ? ['-in', 'token'] : ['-token_in', '-in', 'token'];
    const others = untrusted.length > 0 ? ['-untrusted', 'chain.pem'] : [];
    try {
      const words = await openssl(
        ['ts', '-verify', '-data', 'data', ...form, '-CAfile', 'roots.pem', ...others, ...time],
        folder,
      );
      return { accepted: words.includes('Verification: OK'), words };
    } catch (error) {
      return { accepted: false, words: String((error as { stderr?: string }).stderr ?? error) };
    }
  });
}

let serials = Math.floor(Date.now() / 1000) * 1000;

/** A number that no other token of this process has, in hex. */
const serialNumber = (): string => (serials++).toString(16).padStart(14, '0');

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sealroot-stamp-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

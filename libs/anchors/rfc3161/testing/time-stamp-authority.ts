import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeInteger, writeSequence } from '#tsp/der-writer.js';
import {
  createRoot,
  SIGNER_EXTENSIONS,
  type CertificateAuthority,
  type CertificateOptions,
  type IssuedCertificate,
} from '#tsp/testing/certificate-authority.js';
import {
  craftToken,
  granted,
  readQuery,
  replyWithOpenssl,
  writeTstInfo,
  type ReplyOptions,
} from '#tsp/testing/stamp.js';
import { HUGE_BYTES, SLOW_MS, type RevocationListFault, type TimeStampFault } from './time-stamp-fault.js';

/** Longest request that is read; a request has some 70 bytes. */
const MAX_QUERY_BYTES = 10_000;
const DAY_MS = 86_400_000;
const ROOT_LIST = '/crl/root.crl';
const ISSUER_LIST = '/crl/issuer.crl';
const REDIRECTED = '/redirected';

/** How an authority is started. */
export interface TimeStampAuthorityOptions {
  /** Names its certificates. */
  name?: string | undefined;
  key?: CertificateOptions['key'];
  /** Validity of the signer's certificate; from 2020 to 2040 unless told. */
  validFrom?: Date | undefined;
  validUntil?: Date | undefined;
  /** Digests of the signature and of the reference to the signer's certificate. */
  digest?: ReplyOptions['digest'];
  essDigest?: ReplyOptions['essDigest'];
  essChain?: ReplyOptions['essChain'];
  fault?: TimeStampFault | undefined;
}

/** A running RFC 3161 authority of the test harness: openssl behind HTTP on 127.0.0.1, with a root, an issuer below it, a signer below that,
 * and lists of what is revoked. */
export interface TimeStampAuthority {
  /** Takes `POST` of a TimeStampReq. */
  readonly url: string;
  readonly root: CertificateAuthority;
  readonly issuer: CertificateAuthority;
  readonly signer: IssuedCertificate;
  /** What it does wrong; may be changed at any time. */
  fault: TimeStampFault | null;
  listFault: RevocationListFault | null;
  /** Requests for tokens, and for revocation lists, so far. */
  requests: number;
  listRequests: number;
  /** A certificate of an authority, lists included, under the issuer. */
  issueSigner(options?: Partial<CertificateOptions>): Promise<IssuedCertificate>;
  stop(): Promise<void>;
}

/** Starts an authority on a free port of 127.0.0.1. */
export async function startTimeStampAuthority(options: TimeStampAuthorityOptions = {}): Promise<TimeStampAuthority> {
  const { name = 'Sandbox', key, validFrom, validUntil, digest, essDigest, essChain } = options;
  const folder = await mkdtemp(join(tmpdir(), 'sealroot-tsa-'));
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const listAt = (path: string) => `crlDistributionPoints=URI:${url}${path}`;

  const root = await createRoot({ commonName: `${name} root` }, folder);
  const issuer = await root.issueAuthority({
    commonName: `${name} issuer`,
    extensions: [
      'basicConstraints=critical,CA:true,pathlen:0',
      'keyUsage=critical,keyCertSign,cRLSign',
      'subjectKeyIdentifier=hash',
      'authorityKeyIdentifier=keyid:always',
      listAt(ROOT_LIST),
    ],
  });
  const issueSigner = (wanted: Partial<CertificateOptions> = {}) =>
    issuer.issue({
      commonName: `${name} time-stamp signer`,
      extensions: [...SIGNER_EXTENSIONS, listAt(ISSUER_LIST)],
      ...wanted,
    });
  const signer = await issueSigner({ key, validFrom, validUntil });

  /** The signers of faults, made when one is first asked for. */
  const others = new Map<string, Promise<IssuedCertificate>>();
  const other = (of: string, make: () => Promise<IssuedCertificate>) => {
    const known = others.get(of) ?? make();
    others.set(of, known);
    return known;
  };
  const withPurpose = (purpose: string) => [
    ...SIGNER_EXTENSIONS.filter((line) => !line.startsWith('extendedKeyUsage')),
    purpose,
    listAt(ISSUER_LIST),
  ];

  async function reply(query: Uint8Array): Promise<Uint8Array> {
    const { fault } = authority;
    const right = (asked = query, by = signer, chain: readonly IssuedCertificate[] = [issuer]) =>
      replyWithOpenssl(asked, { signer: by, chain, digest, essDigest, essChain });
    /** A token that openssl's own authority would refuse to give. */
    const crafted = async (by: IssuedCertificate, genTime: Date, more: string[] = []) => {
      const { imprint, nonce } = readQuery(query);
      const tstInfo = writeTstInfo({ message: { imprint }, nonce, genTime });
      return granted(await craftToken({ tstInfo, signers: [by], chain: more.length > 0 ? [] : [issuer], more }));
    };
    const now = new Date();
    switch (fault) {
      case 'rejects':
        return writeSequence(writeSequence(writeInteger(Uint8Array.of(2))));
      case 'wrong-nonce':
        return right(flipped(query, readQuery(query).nonce));
      case 'wrong-imprint':
        return right(flipped(query, readQuery(query).imprint));
      case 'bad-signature': {
        const response = await right();
        return flipped(response, response.subarray(-20));
      }
      case 'no-certificates':
        return crafted(signer, now, ['-nocerts']);
      case 'no-issuer':
        return right(query, signer, []);
      case 'no-purpose':
        return crafted(
          await other('no', () => issueSigner({ extensions: withPurpose('extendedKeyUsage=critical,codeSigning') })),
          now,
        );
      case 'lax-purpose':
        return crafted(
          await other('lax', () => issueSigner({ extensions: withPurpose('extendedKeyUsage=timeStamping') })),
          now,
        );
      case 'other-authority': {
        const foreign = await other('foreign', async () =>
          (await createRoot({ commonName: `${name} root` }, folder)).issue({
            commonName: `${name} time-stamp signer`,
            extensions: SIGNER_EXTENSIONS,
          }),
        );
        return right(query, foreign, []);
      }
      case 'expired':
        return right(query, await other('expired', () => issueSigner({ validUntil: new Date(Date.now() - DAY_MS) })));
      case 'early':
        return crafted(signer, new Date(now.getTime() - DAY_MS));
      case 'late':
        return crafted(signer, new Date(now.getTime() + DAY_MS));
      case 'revoked': {
        const revoked = await other('revoked', async () => {
          const made = await issueSigner();
          await issuer.revoke(made, { at: new Date(Date.now() - DAY_MS), reason: 'superseded' });
          return made;
        });
        return right(query, revoked);
      }
      default:
        return right();
    }
  }

  // openssl is asked once at a time: an authority numbers its tokens.
  let before: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(call: () => Promise<T>): Promise<T> => {
    const after = before.then(call, call);
    before = after.catch(() => undefined);
    return after;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (request.method === 'GET' && (path === ROOT_LIST || path === ISSUER_LIST)) {
      return answerList(response, path === ROOT_LIST ? root : issuer);
    }
    if (request.method !== 'POST' || (path !== '/' && path !== REDIRECTED)) {
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
    }
    authority.requests++;
    if (request.headers['content-type'] !== 'application/timestamp-query') {
      return void response.writeHead(415, { 'content-type': 'text/plain' }).end('Expected a time-stamp query');
    }
    const { fault } = authority;
    const query = await readBody(request);
    if (fault === 'down') return void request.socket.destroy();
    if (fault === 'hang') return;
    if (fault === 'error') return void response.writeHead(500, { 'content-type': 'text/plain' }).end('out of order');
    if (fault === 'redirect' && path !== REDIRECTED)
      return void response.writeHead(307, { location: REDIRECTED }).end();
    const type = { 'content-type': fault === 'media-type' ? 'text/html' : 'application/timestamp-reply' };
    if (fault === 'stall') {
      response.writeHead(200, { ...type, 'content-length': 200 }).write(Buffer.from([0x30]));
      return;
    }
    if (fault === 'garbage') return void response.writeHead(200, type).end('<html>no response</html>');
    if (fault === 'huge') return void response.writeHead(200, type).end(Buffer.alloc(HUGE_BYTES, 0x30));
    if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS).unref());
    const right = await inOrder(() => reply(query));
    response.writeHead(200, type).end(fault === 'trailing' ? Buffer.concat([right, Buffer.from([0])]) : right);
  }

  async function answerList(response: ServerResponse, by: CertificateAuthority): Promise<void> {
    authority.listRequests++;
    const { listFault } = authority;
    if (listFault === 'hang') return;
    if (listFault === 'error')
      return void response.writeHead(503, { 'content-type': 'text/plain' }).end('out of order');
    const type = { 'content-type': 'application/pkix-crl' };
    if (listFault === 'garbage') return void response.writeHead(200, type).end('<html>no list</html>');
    if (listFault === 'huge') return void response.writeHead(200, type).end(Buffer.alloc(HUGE_BYTES, 0x30));
    response.writeHead(200, type).end(await by.revocationList());
  }

  const authority: TimeStampAuthority = {
    url: `${url}/`,
    root,
    issuer,
    signer,
    fault: options.fault ?? null,
    listFault: null,
    requests: 0,
    listRequests: 0,
    issueSigner,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await before.catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return authority;
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_QUERY_BYTES) throw new Error(`expected a request of at most ${MAX_QUERY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** The bytes with the lowest bit of the last byte of a part of them changed. */
function flipped(bytes: Uint8Array, part: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[part.byteOffset - bytes.byteOffset + part.length - 1]! ^= 1;
  return changed;
}

import { BitcoinError } from '#bitcoin/error.js';
import { parseHeaderPack } from '#bitcoin/header-pack.js';
import type { Network } from '#bitcoin/network.js';
import type { HeaderAnchoring } from '#bitcoin/pinned-block.js';
import type { BlockSource } from '#source/block-source.js';
import { sourceOfPack } from '#source/pack-source.js';
import { TspError } from '#tsp/error.js';
import { parsePemCertificates } from '#tsp/pem.js';
import { parseTrustedRoots } from '#tsp/trusted-roots.js';
import type { BasisFault } from '#words/offline-words.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { readKey, type OfferedKey } from '../offered-key.js';
import type { Basis } from '../surroundings.js';

/** Longest file that is read: the headers of Bitcoin to the year 2050, and room. In bytes. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Longest file that may be a key, in bytes. */
const KEY_MAX_BYTES = 4096;

/** Longest file of certificates, in bytes: a system's whole store of roots has 250,000. */
const CERTIFICATES_MAX_BYTES = 4 * 1024 * 1024;

/** Bitcoin block headers whose links and work were checked. */
export interface GivenHeaders {
  file: string;
  network: Network;
  from: number;
  to: number;
  anchored: HeaderAnchoring;
  source: BlockSource;
}

/** Certificates of one file, and the root among them that is to be compared. */
export interface GivenRoot {
  /** Subjects of the roots, as they name themselves. */
  name: string;
  /** SHA-256 of each root, in groups of four hex digits. */
  fingerprints: string[];
  /** DER, also of what stands between the roots and signers. */
  certificates: Uint8Array[];
}

/** What was read of a file and waits to be compared and trusted. */
export type Offered = { kind: 'key'; key: OfferedKey } | { kind: 'root'; root: GivenRoot };

/** What a reader gave the page to go by; nothing of it is kept. What anybody may have made is offered first, and trusted when the reader says so; headers speak for themselves. */
export class GivenBasis {
  readonly keys: OfferedKey[] = [];
  readonly headers: GivenHeaders[] = [];
  readonly roots: GivenRoot[] = [];

  /** Takes a file: headers are gone by at once, what is offered waits. Resolves to a fault where it is nothing of the kind. */
  async read(file: File): Promise<Offered | 'taken' | BasisFault> {
    if (file.size > MAX_BYTES) return 'too-large';
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = bytes.length > CERTIFICATES_MAX_BYTES ? '' : new TextDecoder().decode(bytes);
    const key = bytes.length > KEY_MAX_BYTES ? null : readKey(text);
    if (key !== null) return { kind: 'key', key };
    if (text.includes('-----BEGIN CERTIFICATE-----') || isDer(bytes)) return readRoot(bytes, text);
    return this.#takeHeaders(file.name, bytes);
  }

  /** Trusts what was offered from now on. */
  trust(offered: Offered): void {
    if (offered.kind === 'key') {
      const { key } = offered;
      if (!this.keys.some(({ text }) => text === key.text)) this.keys.push(key);
      return;
    }
    const { root } = offered;
    if (!this.roots.some(({ fingerprints }) => fingerprints.join() === root.fingerprints.join())) this.roots.push(root);
  }

  /** What a verification goes by. */
  basis(): Basis {
    return {
      trustedKeys: this.keys.map(({ text }) => text),
      sources: { bitcoin: this.headers.map(({ source }) => source), evm: [] },
      timestampRoots: this.roots.flatMap(({ certificates }) => certificates),
    };
  }

  #takeHeaders(file: string, bytes: Uint8Array): 'taken' | BasisFault {
    try {
      const pack = parseHeaderPack(bytes);
      const { anchored, count, network, startHeight } = pack;
      const to = startHeight + count - 1;
      const source = sourceOfPack(pack, file);
      const taken = { file, network, from: startHeight, to, anchored, source };
      // A newer file of the same name takes the place of the older one.
      const at = this.headers.findIndex((other) => other.file === file);
      this.headers.splice(at < 0 ? this.headers.length : at, 1, taken);
      return 'taken';
    } catch (error) {
      if (!(error instanceof BitcoinError)) throw error;
      console.info('headers could not be read:', error);
      return error.code === 'unknown-network' || error.code === 'bad-pack' ? 'unknown' : 'bad-headers';
    }
  }
}

function readRoot(bytes: Uint8Array, text: string): Offered | BasisFault {
  try {
    const certificates = isDer(bytes) ? [bytes] : parsePemCertificates(text);
    const { roots } = parseTrustedRoots(certificates);
    const isRoot = new Set(roots.map(({ der }) => bytesToHex(der)));
    const ders = certificates.filter((der) => isRoot.has(bytesToHex(der)));
    return {
      kind: 'root',
      root: {
        name: roots.map(({ subject }) => subject.text).join('; '),
        fingerprints: ders.map((der) => bytesToHex(sha256(der)).replaceAll(/.{4}(?=.)/g, '$& ')),
        certificates,
      },
    };
  } catch (error) {
    if (!(error instanceof TspError)) throw error;
    console.info('certificates could not be read:', error);
    return 'no-root';
  }
}

/** Whether bytes may be one certificate in DER: a sequence with a length of two bytes. */
function isDer(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 && bytes[1] === 0x82;
}

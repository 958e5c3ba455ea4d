import { joined, memorySource } from '../byte-source.js';
import { embed } from '../embed.js';
import { EmbedError, type EmbedErrorCode } from '../error.js';
import type { Embedded } from '../carrier.js';
import { findEmbedded, findRemains } from '../find-embedded.js';
import { ascii } from '../format.js';

/** A document and a proof, and the file that they make or why they make none. Bytes are hex, proofs text. */
export interface EmbedVector {
  name: string;
  document: string;
  proof: string;
  signed?: true;
  /** Name under which the document is put into a container. */
  container?: string;
  file?: string;
  refused?: EmbedErrorCode;
}

/** A file, the proof at its end if it is exact, and every proof that stands in it. */
export interface FindVector {
  name: string;
  file: string;
  found: FoundProof | null;
  remains: (FoundProof & { exact: boolean })[];
}

interface FoundProof {
  from: number;
  kept: number;
  ending: string;
  proof: string;
  /** The document's name in a container. */
  called?: string;
}

/** Not a real proof: this library does not look into it. */
const PROOF = `{"format":"sealroot/proof@2","id":"0192f0c1-8e5a-7cc3-9a51-0f6d2a8b4c11"}\n`;
const OTHER = `{"another":"proof"}\n`;

/** Enough of a PDF for this: what it begins and ends with. */
export const SMALL_PDF = ascii('%PDF-1.7\n%\u0001\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n');

/** A ZIP file with one stored member `a`, of the bytes `b`. */
export function smallZip(comment: Uint8Array = new Uint8Array()): Uint8Array {
  const common = [20, 0, 0, 0, 0, 0, 0, 0, 33, 90, 0xf9, 0xef, 0xbe, 0x71, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0];
  const local = Uint8Array.of(0x50, 0x4b, 3, 4, ...common, 0, 0, 0x61, 0x62);
  const central = Uint8Array.of(0x50, 0x4b, 1, 2, 20, 0, ...common, ...Array<number>(16).fill(0), 0x61);
  const end = Uint8Array.of(0x50, 0x4b, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 47, 0, 0, 0, 32, 0, 0, 0);
  const length = Uint8Array.of(comment.length & 255, comment.length >> 8);
  return joined(local, central, end, length, comment);
}

/** The same with the records of ZIP64, whose place and the directory's stand in eight bytes. */
export function smallZip64(): Uint8Array {
  const zip = smallZip();
  const [directory, record] = [32, 79];
  const wide = (value: number) => [value, 0, 0, 0, 0, 0, 0, 0];
  const ones = Array<number>(4).fill(255);
  const record64 = Uint8Array.of(
    0x50,
    0x4b,
    6,
    6,
    ...wide(44),
    45,
    0,
    45,
    0,
    ...Array<number>(8).fill(0),
    ...wide(1),
    ...wide(1),
    ...wide(47),
    ...wide(directory),
  );
  const locator = Uint8Array.of(0x50, 0x4b, 6, 7, 0, 0, 0, 0, ...wide(record), 1, 0, 0, 0);
  const end = Uint8Array.of(...zip.subarray(record, record + 12), ...ones, ...ones, 0, 0);
  return joined(zip.subarray(0, record), record64, locator, end);
}

/** A small ZIP file with something between its member and its directory, of which its end record knows. */
function zipAround(between: string): Uint8Array {
  const zip = smallZip();
  const made = joined(zip.subarray(0, 32), ascii(between), zip.subarray(32));
  new DataView(made.buffer).setUint32(made.length - 6, 32 + between.length, true);
  return made;
}

const pdfOf = (text: string) => ascii(`%PDF-1.7\n${text}`);

/** What is put into what. */
const EMBEDDINGS: readonly (Pick<EmbedVector, 'name' | 'signed' | 'container'> & {
  document: Uint8Array;
  proof?: string;
})[] = [
  { name: 'a PDF', document: SMALL_PDF },
  { name: 'a PDF whose last line is not ended', document: SMALL_PDF.subarray(0, -1) },
  { name: 'a PDF with other line endings', document: pdfOf('startxref\r\n0123\r\n%%EOF\r\n') },
  {
    name: 'a PDF of two revisions: the last offset counts',
    document: pdfOf('startxref\n9\n%%EOF\nstartxref\n77\n%%EOF'),
  },
  { name: 'a proof that takes one line and a character', document: SMALL_PDF, proof: 'a'.repeat(58) },
  { name: 'a proof that takes exactly one line', document: SMALL_PDF, proof: 'a'.repeat(57) },
  { name: 'a PDF with a signature', document: pdfOf('/ByteRange [0 1 2 3]\nstartxref\n9\n%%EOF\n') },
  {
    name: 'a PDF with a signature, asked for',
    signed: true,
    document: pdfOf('/ByteRange [0 1 2 3]\nstartxref\n9\n%%EOF\n'),
  },
  { name: 'a PDF without an end', document: pdfOf('cut short') },
  { name: 'a PDF whose end is further up than readers look', document: pdfOf(`startxref\n9\n${' '.repeat(1024)}`) },
  { name: 'a ZIP file', document: smallZip() },
  { name: 'a ZIP file with a comment', document: smallZip(ascii('mimetype=application/vnd.etsi.asic-s+zip')) },
  { name: 'a ZIP file whose comment holds an end record', document: smallZip(smallZip().subarray(-22)) },
  { name: 'a ZIP file with the records of ZIP64', document: smallZip64() },
  { name: 'a ZIP file with something between its member and its directory', document: zipAround('sealroot') },
  { name: 'a ZIP file whose end record names another place', document: joined(ascii('PK\u0003\u0004'), smallZip()) },
  { name: 'a ZIP file without a member', document: joined(ascii('PK\u0003\u0004'), smallZip().subarray(-22)) },
  { name: 'a ZIP file with something after its end', document: joined(smallZip(), ascii('x')) },
  {
    name: 'a PDF with a signature, into a container',
    container: 'signed.pdf',
    document: pdfOf('/ByteRange [0 1 2 3]\nstartxref\n9\n%%EOF\n'),
  },
  { name: 'a text, into a container', container: '许可证.txt', document: ascii('permit') },
  {
    name: 'nothing, into a container, with a name that no file may have',
    container: '../a\u202eb',
    document: ascii(''),
  },
  { name: 'a document named as a part of containers', container: 'META-INF', document: ascii('a') },
  { name: 'a ZIP file with a comment, into a container', container: 'a.zip', document: smallZip(ascii('hello')) },
  { name: 'an empty file', document: new Uint8Array() },
  { name: 'a text', document: ascii('startxref 9') },
];

/** @throws Error when a case that should make a file makes none */
export async function embedVectors(): Promise<EmbedVector[]> {
  const vectors: EmbedVector[] = [];
  for (const { container, document, name, proof = PROOF, signed } of EMBEDDINGS) {
    const given = { name, document: hex(document), proof, ...(signed && { signed }), ...(container && { container }) };
    try {
      vectors.push({ ...given, file: hex(await embed(document, ascii(proof), { container, signed })) });
    } catch (error) {
      if (!(error instanceof EmbedError)) throw error;
      vectors.push({ ...given, refused: error.code });
    }
  }
  const sealed = await embed(SMALL_PDF, ascii(PROOF));
  const both = { proof: OTHER, refused: 'embedded' } as const;
  vectors.push({ name: 'a PDF with a proof in it', document: hex(sealed), ...both });
  const container = await embed(SMALL_PDF, ascii(PROOF), { container: 'a.pdf' });
  vectors.push({ name: 'a container', document: hex(container), ...both });
  vectors.push({ name: 'a container, into one', document: hex(container), container: 'a.zip', ...both });
  const cut = { proof: PROOF, refused: 'no-end' } as const;
  vectors.push({ name: 'a container without its end', document: hex(container.subarray(0, -1)), ...cut });
  return vectors;
}

/** What is looked for a proof. */
export async function findVectors(): Promise<FindVector[]> {
  const [proof, other] = [ascii(PROOF), ascii(OTHER)];
  const pdf = await embed(SMALL_PDF, proof);
  const zip = await embed(smallZip(), proof);
  const tail = pdf.subarray(SMALL_PDF.length);
  const container = await embed(SMALL_PDF, proof, { container: 'a.pdf' });
  const directoryAt = new DataView(container.buffer).getUint32(container.length - 6, true);
  const text = new TextDecoder().decode(pdf);
  const update = ascii('2 0 obj\n<<>>\nendobj\nstartxref\n99\n%%EOF\n');
  const grown = joined(pdf, update);
  const files: [name: string, file: Uint8Array][] = [
    ['a PDF', pdf],
    ['a PDF without a proof', SMALL_PDF],
    ['a PDF with something appended', grown],
    ['a PDF with one byte appended', joined(pdf, ascii('\n'))],
    ['a PDF with a byte cut off', pdf.subarray(0, -1)],
    ['a PDF with something between it and its proof', joined(SMALL_PDF, update, tail)],
    ['a PDF with a changed byte before its proof', replaced(pdf, 12)],
    ['a PDF of which another length is said', ascii(text.replace(/@2 (\d)/, '@2 1$1'))],
    ['a PDF of which the length has a leading zero', ascii(text.replace('@2 ', '@2 0'))],
    ['a PDF with another offset after its proof', ascii(text.replace(/startxref\n9(?=\n%%EOF\n$)/, 'startxref\n8'))],
    ['a PDF whose proof is broken into other lines', ascii(text.replace(/(%[A-Za-z0-9+/=]{70})/, '$1\n%'))],
    ['a PDF with a line that is no base64', ascii(text.replace(/%([A-Za-z0-9+/]{5})/g, '%-$1'))],
    ['a PDF with a second proof after the first', joined(pdf, await tailOver(pdf, other))],
    ['a PDF that was added to and then got a proof', await embed(grown, other)],
    ['a ZIP file', zip],
    ['a ZIP file with something appended', joined(zip, ascii('x'))],
    ['a ZIP file with its last byte cut off', zip.subarray(0, -1)],
    ['a ZIP file without a proof', smallZip(ascii('hello'))],
    ['a ZIP file with a changed byte of its proof', replaced(zip, 60)],
    ['a ZIP file with a changed byte of its member', replaced(zip, 31)],
    ['a ZIP file with a changed byte of its directory', replaced(zip, zip.length - 30)],
    ['a ZIP file with another comment', joined(zip.subarray(0, -2), ascii('\u0001\u0000x'))],
    ['a ZIP file with a comment and a proof', await embed(smallZip(ascii('hello')), proof)],
    ['a ZIP file with the records of ZIP64 and a proof', await embed(smallZip64(), proof)],
    ['a ZIP file whose end record names another place', zip.with(zip.length - 6, zip.at(-6)! ^ 1)],
    ['a ZIP file with something before its directory that is no base64', zipAround('sealroot-proof@2 -\n')],
    ['a ZIP file with base64 that has loose bits', zipAround('sealroot-proof@2 QR==\n')],
    ['a ZIP file with a proof of no bytes', zipAround('sealroot-proof@2 \n')],
    ['a ZIP file with a proof and something behind it', zipAround('sealroot-proof@2 QQ==\n\n')],
    ['a ZIP file with two proofs', zipAround('sealroot-proof@2 QQ==\nsealroot-proof@2 Qg==\n')],
    ['a ZIP file that holds one with a proof', joined(smallZip(), zip, smallZip())],
    ['a container', container],
    ['a container with a byte appended', joined(container, ascii('x'))],
    ['a container with a byte cut off', container.subarray(0, -1)],
    ['a container without its directory', container.subarray(0, directoryAt)],
    ['a container without its proof', container.subarray(0, directoryAt - proof.length - 1)],
    ['a container with a changed byte of its document', replaced(container, container.indexOf(0x25))],
    ['a container with a changed byte of its proof', replaced(container, directoryAt - 3)],
    ['a container with a changed time of its document', replaced(container, directoryAt + 66)],
    ['a container with another name in its directory', replaced(container, directoryAt + 55 + 46)],
    ['a container with a member between document and proof', withMember(container)],
    ['a container whose document has a name that leads elsewhere', renamed(container, 'a/pdf')],
    ['a container that has a comment', withComment(container)],
    ['a text that holds a proof of a PDF', joined(ascii('text'), pdf)],
    ['an empty file', new Uint8Array()],
  ];
  return Promise.all(
    files.map(async ([name, file]) => {
      const source = memorySource(file);
      const found = await findEmbedded(source);
      return {
        name,
        file: hex(file),
        found: found === undefined ? null : described(found),
        remains: (await findRemains(source)).map((one) => ({ ...described(one), exact: one.exact })),
      };
    }),
  );
}

function described({ ending, from, kept, name, proof }: Embedded): FoundProof {
  return {
    from,
    kept,
    ...(name !== undefined && { called: name }),
    ending: hex(ending),
    proof: new TextDecoder().decode(proof),
  };
}

/** A second tail, as no writer of this library makes one. */
async function tailOver(document: Uint8Array, proof: Uint8Array): Promise<Uint8Array> {
  const { PDF } = await import('../pdf.js');
  return (await PDF.embed(memorySource(document), proof)).tail;
}

/** The container with the bytes of another member before its proof, of which its directory does not tell. */
function withMember(container: Uint8Array): Uint8Array {
  const at = container.lastIndexOf(0x03, new DataView(container.buffer).getUint32(container.length - 6, true) - 1) - 2;
  return joined(container.subarray(0, at), smallZip().subarray(0, 32), container.subarray(at));
}

function renamed(container: Uint8Array, name: string): Uint8Array {
  const text = Buffer.from(container).toString('latin1').replaceAll('a.pdf', name);
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function withComment(container: Uint8Array): Uint8Array {
  return joined(container.subarray(0, -2), Uint8Array.of(1, 0, 0x78));
}

function replaced(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, bytes[at]! ^ 1);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

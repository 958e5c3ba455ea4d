import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Bytes that a signature may take in hex, twice. */
const SIGNATURE_CHARACTERS = 8192;

/** A PDF of one page that says `Permit 4711`, with the objects given after it and a classic cross-reference table. */
function classicPdf(catalog = '', ...more: string[]): string {
  const content = 'BT /F1 24 Tf 72 720 Td (Permit 4711) Tj ET';
  const objects = [
    `<</Type/Catalog/Pages 2 0 R${catalog}>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>${more.length === 0 ? '' : '/Annots[6 0 R]'}>>`,
    `<</Length ${content.length}>>\nstream\n${content}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    ...more,
  ];
  let text = '%PDF-1.7\n';
  const rows = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const count = objects.length + 1;
  const table = `xref\n0 ${count}\n0000000000 65535 f \n${rows.join('')}`;
  return `${text}${table}trailer\n<</Size ${count}/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`;
}

/** Makes a PDF of each kind in `folder`; returns their paths. Needs qpdf and openssl. */
export async function makePdfs(folder: string): Promise<Record<string, string>> {
  const at = (name: string) => join(folder, `${name}.pdf`);
  await writeFile(at('classic'), classicPdf());
  await run('qpdf', ['--object-streams=generate', at('classic'), at('xref-stream')]);
  await run('qpdf', ['--linearize', at('classic'), at('linearised')]);
  await run('qpdf', ['--encrypt', '', 'owner', '256', '--', at('classic'), at('encrypted')]);
  await writeFile(at('signed'), await signedPdf(folder));
  return Object.fromEntries(
    ['classic', 'xref-stream', 'linearised', 'encrypted', 'signed'].map((name) => [name, at(name)]),
  );
}

/** The classic PDF with a signature over all of it, by a certificate that nobody trusts. */
async function signedPdf(folder: string): Promise<Buffer> {
  const at = (name: string) => join(folder, name);
  const gap = '0'.repeat(SIGNATURE_CHARACTERS);
  const range = '/ByteRange[0 0000000001 0000000002 0000000003]';
  const text = classicPdf(
    '/AcroForm<</Fields[6 0 R]/SigFlags 3>>',
    '<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/Rect[0 0 0 0]/V 7 0 R/P 3 0 R>>',
    `<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/M(D:20260101000000Z)${range}/Contents<${gap}>>>`,
  );
  const open = text.indexOf(`<${gap}>`);
  const after = open + gap.length + 2;
  const places = [open, after, text.length - after].map((place) => String(place).padStart(10, '0'));
  const ranged = text.replace(range, `/ByteRange[0 ${places.join(' ')}]`);
  await writeFile(at('to-sign'), ranged.slice(0, open) + ranged.slice(after), 'latin1');
  const key = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Nobody', '-days', '2'];
  await run('openssl', [...key, '-keyout', at('key.pem'), '-out', at('certificate.pem')]);
  const sign = ['cms', '-sign', '-binary', '-outform', 'DER', '-in', at('to-sign'), '-out', at('signature.der')];
  await run('openssl', [...sign, '-signer', at('certificate.pem'), '-inkey', at('key.pem')]);
  const signature = (await readFile(at('signature.der'))).toString('hex').padEnd(SIGNATURE_CHARACTERS, '0');
  return Buffer.from(`${ranged.slice(0, open)}<${signature}>${ranged.slice(after)}`, 'latin1');
}

/** Python that makes ZIP files of each kind: as an OFD document and a Word document are cut, and one with ZIP64 records. */
const MAKE_ZIPS = `
import sys, zipfile
folder = sys.argv[1]
OFD = {"OFD.xml": "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016' Version='1.0' DocType='OFD'><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
       "Doc_0/Document.xml": "<ofd:Document xmlns:ofd='http://www.ofdspec.org/2016'/>"}
WORD = {"[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/><Override PartName='/word/document.xml' ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>",
        "_rels/.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='word/document.xml'/></Relationships>",
        "word/document.xml": "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>Permit 4711</w:t></w:r></w:p></w:body></w:document>"}
for name, members in {"permit.ofd": OFD, "permit.docx": WORD}.items():
    with zipfile.ZipFile(f"{folder}/{name}", "w", zipfile.ZIP_DEFLATED) as file:
        for member, text in members.items(): file.writestr(member, text)
with zipfile.ZipFile(f"{folder}/many.zip", "w") as file:
    for i in range(65_600): file.writestr(str(i), "")
`;

/** Makes ZIP files of each kind in `folder`; returns their paths. Needs Python. */
export async function makeZips(folder: string): Promise<string[]> {
  await run('python3', ['-c', MAKE_ZIPS, folder]);
  return ['permit.ofd', 'permit.docx', 'many.zip'].map((name) => join(folder, name));
}

import { describe, expect, it } from 'vitest';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { otsFile } from '#proof/ots-file.js';
import { takeFiles } from './given-files.js';

const sample = sampleProof();
const document = new File(['a document'], 'letter.pdf');
const proof = new File([sample.text], 'letter.pdf.json');
const ots = new File([new Uint8Array(otsFile(sample.proof))], 'letter.pdf.ots');

describe('takeFiles', () => {
  it('tells document, proof and .ots file apart, in any order', async () => {
    expect(await takeFiles({}, [ots, proof, document])).toMatchObject({
      document: { name: 'letter.pdf' },
      proof: { name: 'letter.pdf.json', bytes: new TextEncoder().encode(sample.text) },
      ots: { name: 'letter.pdf.ots' },
    });
  });

  it('takes other JSON for a document', async () => {
    const data = new File(['{"format":"something else"}'], 'data.json');
    expect(await takeFiles({}, [data])).toMatchObject({ document: { name: 'data.json' }, proof: undefined });
  });

  it('knows a damaged proof by its name', async () => {
    const damaged = new File(['{"format":"seal'], 'letter.pdf.sealroot.json');
    expect(await takeFiles({}, [damaged])).toMatchObject({ proof: { name: 'letter.pdf.sealroot.json' } });
  });

  it('takes a file that only mentions the format for a document', async () => {
    const manual = new File(['The member "format": "sealroot/proof@2" names the format.'], 'manual.txt');
    expect(await takeFiles({}, [manual])).toMatchObject({ document: { name: 'manual.txt' } });
  });

  it('takes an empty file for a document', async () => {
    expect(await takeFiles({}, [new File([], 'empty')])).toMatchObject({ document: { name: 'empty' } });
  });

  it('joins a proof to the document that is there, and a document to its proof', async () => {
    expect(await takeFiles({ document }, [proof])).toMatchObject({ document, proof: { name: proof.name } });
    const given = { proof: { name: proof.name, bytes: new TextEncoder().encode(sample.text) } };
    expect(await takeFiles(given, [document])).toMatchObject({ document, proof: { name: proof.name } });
  });

  it('starts afresh with a new document, whose proof the old one is not', async () => {
    const given = { document, proof: { name: proof.name, bytes: new TextEncoder().encode(sample.text) } };
    const next = new File(['another'], 'next.pdf');
    expect(await takeFiles(given, [next])).toEqual({ document: next, proof: undefined, ots: undefined });
  });

  it('takes several documents each with the proofs that are named after it, and leaves none out', async () => {
    const other = new File(['b'], 'b.pdf');
    const stray = new File([sample.text], 'c.pdf.sealroot.json');
    expect(await takeFiles({}, [other, ots, document, stray, proof])).toMatchObject({
      many: [
        { document: other },
        { proof: { name: 'c.pdf.sealroot.json' } },
        { document, proof: { name: proof.name }, ots: { name: ots.name } },
      ],
    });
  });

  it('refuses two proofs and two .ots files of one document', async () => {
    expect(await takeFiles({}, [document, proof, proof])).toBe('too-many-proofs');
    expect(await takeFiles({}, [document, ots, ots])).toBe('too-many-proofs');
  });
});

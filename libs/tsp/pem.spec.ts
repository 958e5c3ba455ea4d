import { describe, expect, it } from 'vitest';
import { formatPem, parsePemCertificates } from './pem.js';

describe('PEM', () => {
  const one = Uint8Array.from({ length: 100 }, (_, i) => i);

  it('is written in lines of 64 characters and read back, whatever stands between and however lines end', () => {
    const text = formatPem('CERTIFICATE', one);
    expect(text).toMatch(/^-----BEGIN CERTIFICATE-----\n[^\n]{64}\n[^\n]{64}\n[^\n]{8}\n-----END CERTIFICATE-----\n$/);
    expect(parsePemCertificates(`A root\n${text}another\r\n${text.replaceAll('\n', '\r\n')}`)).toEqual([one, one]);
    expect(formatPem('X509 CRL', one)).toContain('-----END X509 CRL-----');
  });

  it('is refused without a certificate; one that is no base64 stands there without bytes', () => {
    expect(() => parsePemCertificates('')).toThrow(expect.objectContaining({ code: 'bad-pem' }));
    expect(() => parsePemCertificates(formatPem('X509 CRL', one))).toThrow('expected at least one');
    const broken = formatPem('CERTIFICATE', one).replace('AAEC', '?AEC');
    expect(parsePemCertificates(broken + formatPem('CERTIFICATE', one))).toEqual([new Uint8Array(), one]);
    expect(() => parsePemCertificates('x'.repeat(4_194_305))).toThrow('4194304 characters');
  });
});

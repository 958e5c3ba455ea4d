import { describe, expect, it } from 'vitest';
import { parseNoProxy } from './no-proxy.js';

const isDirect = (noProxy: string, url: string) => parseNoProxy(noProxy)(new URL(url));

describe('NO_PROXY', () => {
  it.each([
    ['example.gov', 'https://example.gov/'],
    ['example.gov', 'https://a.b.example.gov/'],
    ['.example.gov', 'https://example.gov/'],
    ['*.example.gov', 'https://a.example.gov/'],
    ['Example.GOV.', 'https://a.example.gov./'],
    ['x, example.gov', 'http://example.gov/'],
    ['x example.gov\ty', 'http://example.gov/'],
    ['example.gov:8443', 'https://example.gov:8443/'],
    ['example.gov:443', 'https://example.gov/'],
    ['example.gov:80', 'http://example.gov/'],
    ['10.0.0.7', 'http://10.0.0.7:8332/'],
    ['10.0.0.7:8332', 'http://10.0.0.7:8332/'],
    ['10.0.0.0/8', 'http://10.255.0.1/'],
    ['fd00::/8', 'http://[fd12::1]/'],
    ['fd00::1', 'http://[fd00::1]/'],
    ['[fd00::1]:8443', 'https://[fd00::1]:8443/'],
    ['*', 'https://anything.example/'],
  ])('%s lets %s go directly', (noProxy, url) => {
    expect(isDirect(noProxy, url)).toBe(true);
  });

  it.each([
    ['', 'https://example.gov/'],
    ['example.gov', 'https://notexample.gov/'],
    ['example.gov', 'https://example.gov.evil.example/'],
    ['a.example.gov', 'https://example.gov/'],
    ['example.gov:8443', 'https://example.gov/'],
    ['10.0.0.0/8', 'http://11.0.0.1/'],
    ['10.0.0.0/8', 'http://name.example/'],
    ['10.0.0.0/33', 'http://10.0.0.1/'],
    ['10.0.0.0/x', 'http://10.0.0.1/'],
    ['10.0.0.7:8332', 'http://10.0.0.7/'],
    ['fd00::/8', 'http://[fe80::1]/'],
    ['.', 'https://example.gov/'],
    ['::', 'https://example.gov/'],
  ])('%j leaves %s to the proxy', (noProxy, url) => {
    expect(isDirect(noProxy, url)).toBe(false);
  });

  it.each([
    'http://localhost:3000/',
    'http://127.0.0.1/',
    'http://127.9.9.9/',
    'http://[::1]:80/',
    'http://a.localhost/',
  ])('is not needed for this machine: %s', (url) => {
    expect(isDirect('', url)).toBe(true);
  });
});

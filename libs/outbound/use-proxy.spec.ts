import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { hasPrograms } from '#setting/testing/programs.js';
import { parseProxyUrl, proxyVariable } from './proxy-settings.js';
import { type ProxyServer, startProxy } from './testing/proxy-server.js';
import { createProxyDispatcher, useProxy } from './use-proxy.js';

const withOpenssl = hasPrograms({ openssl: 'openssl' });

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(() => new Promise((done) => server.close(done)));
  return (server.address() as AddressInfo).port;
}

async function proxyTo(target?: number): Promise<ProxyServer> {
  const proxy = await startProxy(target);
  undo.push(() => proxy.stop());
  return proxy;
}

/** Node's own `fetch` over `dispatcher`, as `useProxy` would have it for the whole process. */
async function fetchOver(dispatcher: Dispatcher, url: string, init: RequestInit = {}): Promise<Response> {
  undo.push(() => dispatcher.destroy());
  return fetch(url, { ...init, dispatcher } as object);
}

const echo = () =>
  createHttpServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () =>
      response.end(
        JSON.stringify({
          url: request.url,
          host: request.headers.host,
          secret: request.headers['proxy-authorization'],
          body,
        }),
      ),
    );
  });

describe('a request through a proxy', () => {
  it('is handed to it whole when it is http, with the proxy alone getting the password', async () => {
    const proxy = await proxyTo(await listen(echo()));
    const withPassword = proxy.url.replace('//', '//us%40er:pa%3Ass@');
    const dispatcher = createProxyDispatcher({ httpProxy: withPassword });
    const answer = await fetchOver(dispatcher, 'http://authority.example:8080/tsr?x=1', {
      method: 'POST',
      body: 'query',
    });
    expect(await answer.json()).toMatchObject({ url: '/tsr?x=1', host: 'authority.example:8080', body: 'query' });
    expect(proxy.requests).toEqual([
      {
        line: 'POST http://authority.example:8080/tsr?x=1',
        authorization: `Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`,
      },
    ]);
  });

  it.skipIf(!withOpenssl)('goes through a tunnel when it is https, and its TLS is the server’s own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealroot-proxy-'));
    undo.push(() => rmSync(folder, { recursive: true }));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const command = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x';
    execFileSync(
      'openssl',
      [...command.split(' '), '-addext', 'subjectAltName=DNS:calendar.example', '-keyout', key, '-out', cert],
      {
        stdio: 'ignore',
      },
    );
    const ca = readFileSync(cert, 'utf8');
    const server = createHttpsServer({ key: readFileSync(key), cert: ca }, (request, response) =>
      response.end(`${request.headers.host} ${request.headers['proxy-authorization']}`),
    );
    const proxy = await proxyTo(await listen(server));
    const settings = { httpsProxy: proxy.url.replace('//', '//u:p@') };
    const trusting = createProxyDispatcher(settings, { ca });
    expect(await (await fetchOver(trusting, 'https://calendar.example/digest')).text()).toBe(
      'calendar.example undefined',
    );
    expect(proxy.requests).toEqual([
      { line: 'CONNECT calendar.example:443', authorization: `Basic ${Buffer.from('u:p').toString('base64')}` },
    ]);
    const stranger = fetchOver(trusting, 'https://other.example:8443/');
    await expect(stranger).rejects.toMatchObject({ cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
    const distrusting = fetchOver(createProxyDispatcher(settings), 'https://calendar.example/');
    await expect(distrusting).rejects.toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  });

  it('names the proxy when it refuses or is away', async () => {
    const proxy = await proxyTo();
    proxy.refuse(407);
    const both = createProxyDispatcher({ httpProxy: proxy.url, httpsProxy: proxy.url });
    const refused = fetchOver(both, 'https://calendar.example/');
    await expect(refused).rejects.toMatchObject({ cause: { code: 'PROXY_ANSWERED_407' } });
    await expect(fetchOver(both, 'http://calendar.example/')).rejects.toMatchObject({
      cause: { code: 'PROXY_ANSWERED_407' },
    });
    proxy.refuse(403);
    const forbidden = fetchOver(both, 'https://calendar.example/');
    await expect(forbidden).rejects.toMatchObject({ cause: { code: 'PROXY_ANSWERED_403' } });
    expect((await fetchOver(both, 'http://calendar.example/')).status).toBe(403);
    const closed = createServer();
    const nobody = `http://127.0.0.1:${await listen(closed)}`;
    closed.close();
    const away = createProxyDispatcher({ httpProxy: nobody, httpsProxy: nobody });
    for (const url of ['http://calendar.example/', 'https://calendar.example/'])
      await expect(fetchOver(away, url)).rejects.toMatchObject({ cause: { code: 'PROXY_ECONNREFUSED' } });
  });

  it('goes past it to this machine, and to what NO_PROXY names', async () => {
    const port = await listen(echo());
    const proxy = await proxyTo();
    const dispatcher = createProxyDispatcher({ httpProxy: proxy.url, noProxy: 'unreachable.invalid' });
    expect((await fetchOver(dispatcher, `http://127.0.0.1:${port}/`)).status).toBe(200);
    await expect(fetchOver(dispatcher, 'http://unreachable.invalid/')).rejects.toThrow();
    expect(proxy.requests).toEqual([]);
  });

  it('is what every fetch of the process becomes, once a proxy is set and not before', async () => {
    const before = getGlobalDispatcher();
    undo.push(() => setGlobalDispatcher(before));
    useProxy({ noProxy: 'x' });
    expect(getGlobalDispatcher()).toBe(before);
    const proxy = await proxyTo();
    useProxy({ httpProxy: proxy.url });
    undo.push(() => getGlobalDispatcher().destroy());
    expect((await fetch('http://calendar.example/')).status).toBe(404);
    expect(proxy.requests.map(({ line }) => line)).toEqual(['GET http://calendar.example/']);
  });
});

describe('the address of a proxy', () => {
  it('may leave out the scheme, and is refused without being shown', () => {
    expect(parseProxyUrl('proxy.example.gov:3128').href).toBe('http://proxy.example.gov:3128/');
    for (const bad of ['socks5://h:1', 'http://h/path-s3cret', 'http://u:%s3cret@h', 'http://', 'http://h:99999']) {
      expect(() => parseProxyUrl(bad)).toThrow(/expected a proxy such as/);
      expect(() => parseProxyUrl(bad)).not.toThrow(/s3cret/);
    }
  });

  it('is read in capital letters, else in small ones', () => {
    expect(proxyVariable({ HTTPS_PROXY: 'a', https_proxy: 'b' }, 'HTTPS_PROXY')).toBe('a');
    expect(proxyVariable({ HTTPS_PROXY: '', https_proxy: 'b' }, 'HTTPS_PROXY')).toBe('b');
    expect(proxyVariable({ https_proxy: '' }, 'HTTPS_PROXY')).toBeUndefined();
  });
});

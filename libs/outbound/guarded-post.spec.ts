import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasPrograms } from '#setting/testing/programs.js';
import { createGuardedPost, type Guard } from './guarded-post.js';
import { startProxy } from './testing/proxy-server.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, host);
  await once(server, 'listening');
  undo.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
}

/** A receiver on 127.0.0.2, a part of the loopback that tests allow; and what was asked of it. */
async function receiver(answer: RequestListener): Promise<{ port: number; requests: string[] }> {
  const requests: string[] = [];
  const port = await listen(
    createHttpServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        requests.push(`${request.method} ${request.url} ${request.headers.host} ${body}`);
        answer(request, response);
      });
    }),
    '127.0.0.2',
  );
  return { port, requests };
}

const OUTSIDE: Guard = { networks: ['127.0.0.2/32'], resolve: async () => ['127.0.0.2'] };
const post = (url: string, guard: Partial<Guard> = {}, timeoutMs = 5000) =>
  createGuardedPost({ ...OUTSIDE, ...guard })(new URL(url), { 'content-type': 'text/plain' }, 'hello', timeoutMs);

describe('a guarded request', () => {
  it('goes to the address that was looked at, under the name of the host', async () => {
    const { port, requests } = await receiver((_, response) => response.writeHead(204).end());
    expect(await post(`http://agency.example:${port}/hook?a=1`)).toEqual({ status: 204, retryAfter: undefined });
    expect(requests).toEqual([`POST /hook?a=1 agency.example:${port} hello`]);
  });

  it('asks for a name once and goes nowhere when one of its addresses is not allowed, or when it has none', async () => {
    const { port, requests } = await receiver((_, response) => response.end());
    const url = `http://agency.example:${port}/`;
    const answers = [['127.0.0.2'], ['127.0.0.1'], ['127.0.0.2', '127.0.0.1'], ['::ffff:127.0.0.1'], ['::1'], []];
    let asked = 0;
    const resolve = async () => answers[asked++]!;
    const guarded = createGuardedPost({ ...OUTSIDE, resolve });
    expect((await guarded(new URL(url), {}, '', 5000)).status).toBe(200);
    for (let i = 1; i < answers.length; i++) {
      const refused = guarded(new URL(url), {}, '', 5000);
      await expect(refused, String(answers[i])).rejects.toMatchObject({ code: 'address-refused' });
      await expect(refused).rejects.not.toThrow(/127|::/);
    }
    expect([asked, requests.length]).toEqual([answers.length, 1]);
  });

  it('refuses addresses in the URL itself, however they are written', async () => {
    const { port } = await receiver((_, response) => response.end());
    expect((await post(`http://127.0.0.2:${port}/`)).status).toBe(200);
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '017700000001', '[::1]', '[::ffff:7f00:1]', '[fd00::1]'])
      await expect(post(`https://${host}:${port}/`), host).rejects.toMatchObject({ code: 'address-refused' });
    // http is for networks that are named alone.
    await expect(post('http://1.1.1.1/')).rejects.toMatchObject({ code: 'address-refused' });
  });

  it('follows no redirect', async () => {
    const inner = createHttpServer((_, response) => response.end());
    const asked: unknown[] = [];
    inner.on('request', (request) => asked.push(request));
    const location = `http://127.0.0.1:${await listen(inner)}/secrets`;
    const { port } = await receiver((_, response) => response.writeHead(307, { location }).end());
    expect((await post(`http://agency.example:${port}/`)).status).toBe(307);
    expect(asked).toEqual([]);
  });

  it('reads nothing of an answer that never ends, and hangs up', async () => {
    let closed = () => {};
    const hungUp = new Promise<void>((resolve) => (closed = resolve));
    const { port } = await receiver((_, response) => {
      response.writeHead(200, { 'retry-after': '7' });
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => {
        clearInterval(timer);
        closed();
      });
    });
    expect(await post(`http://agency.example:${port}/`)).toEqual({ status: 200, retryAfter: '7' });
    await hungUp;
  });

  it('gives up after its time: on a silent server, on headers that trickle, on a name that nobody answers for', async () => {
    const silent = await receiver(() => undefined);
    const trickling = await receiver((_, response) => {
      const timer = setInterval(() => response.socket?.write(`x-${Math.random()}: y\r\n`), 20);
      response.socket?.write('HTTP/1.1 200 OK\r\n');
      response.on('close', () => clearInterval(timer));
    });
    for (const { port } of [silent, trickling])
      await expect(post(`http://agency.example:${port}/`, {}, 200)).rejects.toMatchObject({ code: 'timeout' });
    const resolve = () => new Promise<string[]>(() => undefined);
    await expect(post('http://agency.example/', { resolve }, 200)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('tells a connection that failed by its code alone', async () => {
    const closed = createHttpServer();
    const port = await listen(closed, '127.0.0.2');
    closed.close();
    await expect(post(`http://agency.example:${port}/`)).rejects.toMatchObject({
      code: 'connection-failed',
      message: 'The connection failed: ECONNREFUSED',
    });
  });
});

describe.skipIf(!hasPrograms({ openssl: 'openssl' }))('a guarded request over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealroot-guard-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  beforeAll(() => {
    const command = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x';
    const names = ['-addext', 'subjectAltName=DNS:agency.example'];
    execFileSync('openssl', [...command.split(' '), ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const secure = async () => {
    const server = createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) =>
      response.writeHead(request.headers.host?.startsWith('agency.example') ? 200 : 400).end(),
    );
    return { port: await listen(server, '127.0.0.2'), trust: { ca: readFileSync(cert, 'utf8') } };
  };

  it('checks the certificate of the name, though it connects to an address', async () => {
    const { port, trust } = await secure();
    expect((await post(`https://agency.example:${port}/`, { trust })).status).toBe(200);
    const other = post(`https://other.example:${port}/`, { trust });
    await expect(other).rejects.toThrow('The connection failed: ERR_TLS_CERT_ALTNAME_INVALID');
    await expect(post(`https://agency.example:${port}/`)).rejects.toThrow('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('asks a proxy for a tunnel to the address, not to the name, and for none to what is refused', async () => {
    const { port, trust } = await secure();
    // The proxy of the test leads every tunnel to this machine's 127.0.0.1.
    const target = createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
      response.end(),
    );
    const proxy = await startProxy(await listen(target));
    undo.push(() => proxy.stop());
    const through = { trust, httpsProxy: proxy.url };
    expect((await post(`https://agency.example:${port}/`, through)).status).toBe(200);
    expect(proxy.requests.map(({ line }) => line)).toEqual([`CONNECT 127.0.0.2:${port}`]);
    const inward = { ...through, resolve: async () => ['10.0.0.1'] };
    await expect(post('https://agency.example/', inward)).rejects.toMatchObject({ code: 'address-refused' });
    expect((await post(`https://agency.example:${port}/`, { ...through, noProxy: 'agency.example' })).status).toBe(200);
    proxy.refuse(403);
    await expect(post(`https://agency.example:${port}/`, through)).rejects.toThrow('PROXY_ANSWERED_403');
    expect(proxy.requests).toHaveLength(2);
  });
});

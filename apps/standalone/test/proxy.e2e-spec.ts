import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProxyServer, startProxy } from '#outbound/testing/proxy-server.js';
import { createRoot } from '#tsp/testing/certificate-authority.js';
import { compileCommand, sealroot } from '../../cli/test/command.js';
import { type ServiceProcess, startService } from './process.js';
import { postRecords } from './records.js';

let folder: string;
let proxy: ProxyServer;
let service: ServiceProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-proxy-'));
  proxy = await startProxy();
});

afterAll(async () => {
  await service.stop();
  await proxy.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Hosts that the proxy was asked for so far, with the ports of tunnels. */
const asked = ({ requests }: ProxyServer) =>
  [...new Set(requests.map(({ line }) => line.replace(/^\S+ (?:http:\/\/)?([^/]+).*$/, '$1')))].sort();

describe('behind an outbound proxy', () => {
  it('the service asks it for everything outside, and nothing else', async () => {
    const roots = await createRoot({ commonName: 'root' }, folder);
    const chain = { name: 'main', rpcUrls: ['https://rpc.example'], chainId: 1, genesis: `0x${'ab'.repeat(32)}` };
    service = await startService('standalone', {
      DATA_DIR: folder,
      http_proxy: proxy.url,
      HTTPS_PROXY: proxy.url,
      NO_PROXY: 'inside.example',
      ANCHORS: 'opentimestamps,bitcoin,evm,rfc3161',
      OTS_CALENDARS: 'https://calendar.example,http://calendar.example:8080,http://inside.example',
      BITCOIN_RPC_URL: 'http://user:password@node.example:8332',
      EVM_CHAINS: JSON.stringify([chain]),
      EVM_PRIVATE_KEY: '01'.repeat(32),
      TSA_URLS: 'http://authority.example/tsr',
      TSA_ROOTS_FILE: roots.certificateFile,
      ESPLORA_URLS: 'https://explorer.example/api',
    });
    await postRecords(service.url, (await readFile(join(folder, 'demo-api-key'), 'utf8')).trim(), 1);
    await fetch(`${service.url}/v1/bitcoin/tip`);
    await expect
      .poll(() => asked(proxy))
      .toEqual([
        'authority.example',
        'calendar.example:443',
        'calendar.example:8080',
        'explorer.example:443',
        'node.example:8332',
        'rpc.example:443',
      ]);
  });

  it('the command line reaches this machine without it, everything else through it, and names it when it refuses', async () => {
    compileCommand();
    const own = await startProxy();
    const env = { https_proxy: own.url, HTTP_PROXY: own.url };
    const key = await sealroot(['log-key', '--url', service.url], { cwd: folder, env });
    expect(key.stdout).toMatch(/^localhost\/sealroot\+/);
    expect(asked(own)).toEqual([]);
    const source = ['--esplora', 'https://explorer.example/api', '--esplora', 'http://other.example/api'];
    const fetched = await sealroot(['headers', 'fetch', 'x.headers', ...source], { cwd: folder, env });
    expect(fetched.exitCode).toBe(2);
    expect(asked(own)).toEqual(['explorer.example:443', 'other.example']);
    const away = await sealroot(['log-key', '--url', 'https://service.example'], { cwd: folder, env });
    expect(away.stderr).toContain('The proxy answered 502');
    await own.stop();
  });

  it('the command line refuses the address of a proxy that is none, without showing it', async () => {
    const env = { HTTPS_PROXY: 'socks5://u:s3cret@h:1' };
    const { exitCode, stderr } = await sealroot(['log-key', '--url', service.url], { cwd: folder, env });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 78,
      stderr: expect.stringContaining('HTTPS_PROXY: expected a proxy') as string,
    });
    expect(stderr).not.toContain('s3cret');
  });
});

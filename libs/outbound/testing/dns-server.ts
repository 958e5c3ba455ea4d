import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** How a resolver of a test answers: with TXT records, each of several strings; with an error; with bytes that mean nothing; or not at all. */
export type DnsReply = { txt: string[][] } | 'nxdomain' | 'nodata' | 'servfail' | 'refused' | 'garbage' | 'silent';

const RCODES = { nodata: 0, servfail: 2, nxdomain: 3, refused: 5 } as const;

/** Largest answer by UDP; longer ones are cut, and asked for again by TCP. */
const UDP_BYTES = 512;

/** A resolver of one's own on loopback. */
export interface DnsServer {
  /** `127.0.0.1:port`. */
  address: string;
  /** Names that were asked for. */
  asked: string[];
  reply: DnsReply;
  stop(): Promise<void>;
}

/** Starts one that answers every question like this until `reply` is changed. */
export async function startDnsServer(reply: DnsReply): Promise<DnsServer> {
  const udp = createSocket('udp4');
  const connections = new Set<Socket>();
  const tcp = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => undefined).on('close', () => connections.delete(socket));
    let seen = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      if (seen.length < 2 || seen.length < 2 + seen.readUInt16BE(0)) return;
      const answer = answerTo(seen.subarray(2, 2 + seen.readUInt16BE(0)), server);
      if (answer !== null) socket.write(Buffer.concat([uint16(answer.length), answer]));
    });
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const server: DnsServer = {
    address: `127.0.0.1:${port}`,
    asked: [],
    reply,
    stop: async () => {
      for (const socket of connections) socket.destroy();
      udp.close();
      tcp.close();
      await once(tcp, 'close');
    },
  };
  udp.on('message', (query, { address, port: from }) => {
    const answer = answerTo(query, server);
    if (answer === null) return;
    if (answer.length > UDP_BYTES) udp.send(truncated(query), from, address);
    else udp.send(answer, from, address);
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return server;
}

function answerTo(query: Buffer, { asked, reply }: DnsServer): Buffer | null {
  const { name, end } = questionOf(query);
  asked.push(name);
  if (reply === 'silent') return null;
  if (reply === 'garbage') return Buffer.concat([query.subarray(0, 2), Buffer.from('8180ffffffffffffffff', 'hex')]);
  const records = typeof reply === 'string' ? [] : reply.txt;
  const rcode = typeof reply === 'string' ? RCODES[reply] : 0;
  const rdata = records.map((strings) =>
    Buffer.concat(strings.map((text) => Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)]))),
  );
  return Buffer.concat([
    query.subarray(0, 2),
    uint16(0x8180 | rcode),
    ...[1, records.length, 0, 0].map(uint16),
    query.subarray(12, end),
    // The name by a pointer to the question, TXT, IN, a second to live.
    ...rdata.map((data) => Buffer.concat([Buffer.from('c00c0010000100000001', 'hex'), uint16(data.length), data])),
  ]);
}

function truncated(query: Buffer): Buffer {
  const { end } = questionOf(query);
  return Buffer.concat([query.subarray(0, 2), uint16(0x8380), ...[1, 0, 0, 0].map(uint16), query.subarray(12, end)]);
}

/** Name of the question, and where it ends. */
function questionOf(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length !== 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';

/** A name server on loopback (RFC 1035). */
export interface NameServer {
  /** `address:port`. */
  address: string;
  /** What it was asked for, `A name` or `AAAA name`. */
  asked: string[];
  stop(): void;
}

const TYPES = new Map([
  [1, 'A'],
  [28, 'AAAA'],
]);
const NAME_ERROR = 3;

/** Starts one that answers with what `addresses` has for a name: undefined for no such name, null for no answer at all. */
export async function startNameServer(addresses: (name: string) => string[] | null | undefined): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at]!; length > 0; length = query[at]!) {
      labels.push(query.subarray(at + 1, at + 1 + length).toString());
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const type = query.readUInt16BE(at + 1);
    const name = labels.join('.');
    asked.push(`${TYPES.get(type)} ${name}`);
    const known = addresses(name);
    if (known === null) return;
    const answers = (known ?? [])
      .filter((address) => (isIP(address) === 4 ? 1 : 28) === type)
      .map((address) => record(type, address));
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | (known === undefined ? NAME_ERROR : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([head, question, ...answers]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, asked, stop: () => socket.close() };
}

/** A record of the name in the question, valid for no time. */
function record(type: number, address: string): Buffer {
  const data =
    type === 1
      ? Buffer.from(address.split('.').map(Number))
      : Buffer.from(
          address
            .split(':')
            .map((group) => group.padStart(4, '0'))
            .join(''),
          'hex',
        );
  const head = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}

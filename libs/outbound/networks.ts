import { BlockList, isIP } from 'node:net';

/** Whether an IP address lies in one of `list`. */
export function isInNetworks(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** The networks of these texts, such as `10.20.0.0/16` or `fd00::/8`; a bare address is a network of one. */
export function networks(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const network = parseNetwork(text);
    if (network === null) throw new TypeError(`Reading networks: expected one such as 10.20.0.0/16, got ${text}`);
    list.addSubnet(network.address, network.prefix, network.family);
  }
  return list;
}

/** The parts of a network's text; null when it is none. */
export function parseNetwork(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | null {
  const [address = '', bits, more] = text.split('/');
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || more !== undefined || !(prefix <= longest)) return null;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

import { isIP } from 'node:net';
import { isInNetworks, networks } from './networks.js';

/** IPv4 networks that are not for everybody (IANA IPv4 Special-Purpose Address Registry), multicast and what is reserved. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Link-local, where clouds keep their metadata.
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/** What IANA has given out to everybody so far: loopback, unique-local, link-local, mapped and translated (NAT64) addresses lie outside. */
const GLOBAL_IPV6 = ['2000::/3'];

/** Special networks inside of it: protocols and tunnels (Teredo, 6to4), which lead to IPv4 addresses, and examples. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const specialIPv4 = networks(SPECIAL_IPV4);
const globalIPv6 = networks(GLOBAL_IPV6);
const specialIPv6 = networks(SPECIAL_IPV6);

/** Whether everybody reaches the same machine at this address: not so for private, shared, loopback, link-local and other special ones. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !isInNetworks(specialIPv4, address);
  return isInNetworks(globalIPv6, address) && !isInNetworks(specialIPv6, address);
}

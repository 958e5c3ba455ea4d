import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './public-address.js';

describe('a public address', () => {
  it.each(['1.1.1.1', '93.184.216.34', '172.15.255.255', '172.32.0.0', '100.63.255.255', '223.255.255.255'])(
    'is %s',
    (a) => expect(isPublicAddress(a)).toBe(true),
  );
  it.each(['2606:4700:4700::1111', '2400:3200::1', '2003::1'])('is %s', (a) => expect(isPublicAddress(a)).toBe(true));

  it.each([
    ['this network', '0.0.0.0'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.255.255'],
    ['shared by a carrier', '100.64.0.1'],
    ['metadata of a cloud in it', '100.100.100.200'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local', '169.254.0.1'],
    ['metadata', '169.254.169.254'],
    ['for protocols', '192.0.0.8'],
    ['an example', '198.51.100.7'],
    ['for benchmarks', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['mapped', '::ffff:127.0.0.1'],
    ['mapped, of a public one', '::ffff:1.1.1.1'],
    ['compatible', '::127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64, local', '64:ff9b:1::a00:1'],
    ['unique-local', 'fd00:ec2::254'],
    ['unique-local', 'fc00::1'],
    ['link-local', 'fe80::1'],
    ['link-local with its zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['Teredo', '2001:0:7f00:1::1'],
    ['6to4', '2002:7f00:1::1'],
    ['an example', '2001:db8::1'],
    ['no address', 'example.gov'],
    ['nothing', ''],
  ])('is not one that is %s (%s)', (_, address) => expect(isPublicAddress(address)).toBe(false));
});

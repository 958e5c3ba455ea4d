import { afterEach, describe, expect, it } from 'vitest';
import { type DnsReply, type DnsServer, startDnsServer } from './testing/dns-server.js';
import { lookUpTxt, txtOutcome } from './txt-lookup.js';

const TEXT = 'sealroot-domain=0123456789abcdef';
const NAME = '_sealroot.records.example.gov';
const SEEN: DnsReply = { txt: [['v=spf1 -all'], [TEXT]] };

describe('a TXT record', () => {
  const servers: DnsServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  const look = async (...replies: DnsReply[]) => {
    for (const reply of replies) servers.push(await startDnsServer(reply));
    const answers = await lookUpTxt(
      NAME,
      TEXT,
      servers.map(({ address }) => address),
    );
    return { outcome: txtOutcome(answers), says: answers.map(({ says, code }) => code ?? says), answers };
  };

  it('is seen when every resolver shows it, among others, and each is asked by itself', async () => {
    const { outcome, answers } = await look(SEEN, { txt: [[TEXT]] });
    expect(outcome).toBe('seen');
    expect(answers.map(({ resolver }) => resolver)).toEqual(servers.map(({ address }) => address));
    for (const { asked } of servers) expect(asked).toEqual([NAME]);
  });

  it('is one text, however it is cut', async () => {
    const cut = [TEXT.slice(0, 5), '', TEXT.slice(5)];
    expect((await look({ txt: [cut] })).outcome).toBe('seen');
  });

  it.each<[string, DnsReply]>([
    ['there is no such name', 'nxdomain'],
    ['the name has none', 'nodata'],
    ['it has another token', { txt: [['sealroot-domain=ffff']] }],
    ['it is cut into two records', { txt: [[TEXT.slice(0, 9)], [TEXT.slice(9)]] }],
    ['it has something before or after', { txt: [[`x${TEXT}`], [`${TEXT} `], [TEXT.toUpperCase()]] }],
  ])('is absent when %s', async (_, reply) => {
    expect((await look(reply, 'nxdomain')).outcome).toBe('absent');
  });

  it('is disputed when resolvers say different things, also when one is silent', async () => {
    expect(await look(SEEN, 'nxdomain')).toMatchObject({ outcome: 'disputed', says: ['seen', 'absent'] });
    expect(
      txtOutcome([
        { resolver: 'a', says: 'seen' },
        { resolver: 'b', says: 'absent' },
        { resolver: 'c', says: 'unanswered' },
      ]),
    ).toBe('disputed');
  });

  it.each<[DnsReply, string]>([
    ['servfail', 'ESERVFAIL'],
    ['refused', 'EREFUSED'],
  ])('is neither seen nor absent when a resolver says %s', async (reply, code) => {
    expect(await look(SEEN, reply)).toMatchObject({ outcome: 'unanswered', says: ['seen', code] });
  });

  it('is neither when a resolver is silent, sends rubbish, or is not there, and the resolver is named', async () => {
    const gone = await startDnsServer('silent');
    await gone.stop();
    servers.push(await startDnsServer('silent'), await startDnsServer('garbage'));
    const asked = [...servers.map(({ address }) => address), gone.address];
    const start = performance.now();
    const answers = await lookUpTxt(NAME, TEXT, asked);
    expect(performance.now() - start).toBeLessThan(12_000);
    expect(answers.map(({ says }) => says)).toEqual(['unanswered', 'unanswered', 'unanswered']);
    expect(answers.map(({ resolver, code }) => [resolver, typeof code])).toEqual(asked.map((one) => [one, 'string']));
    expect(txtOutcome(answers)).toBe('unanswered');
  });

  it('is found in a long answer, and not looked for in one that is made to be long', async () => {
    const filler = Array.from({ length: 200 }, (_, i) => [`${i}`.padEnd(200, 'x')]);
    expect((await look({ txt: [...filler, [TEXT]] })).outcome).toBe('seen');
    const flood = Array.from({ length: 3000 }, () => ['y']);
    expect((await look({ txt: [...flood, [TEXT]] })).says[1]).toBe('absent');
  });

  it('is asked for at the resolvers of the system where none are named', async () => {
    expect(txtOutcome([])).toBe('unanswered');
  });
});

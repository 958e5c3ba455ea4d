import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DnsServer, startDnsServer } from '#outbound/testing/dns-server.js';
import { AuditLogNotary } from '../audit-log/audit-log-notary.js';
import { createApi } from '../create-api.js';
import { DomainsService } from '../domains/domains.service.js';
import { verifyFromPublicData } from './public-proof.js';
import { ADMIN, startService, type TestService } from './service.js';

const DOMAIN = 'records.example.gov';

interface Standing {
  state: string;
  outcome: string;
  record: string | null;
  document: string;
  txt: { name: string; value: string };
  resolvers: { resolver: string; says: string; code?: string }[];
  history: { outcome: string }[];
}

describe('what the service says in its own name', () => {
  let service: TestService;
  let resolvers: DnsServer[];
  beforeAll(async () => {
    resolvers = [await startDnsServer('nxdomain'), await startDnsServer('nxdomain')];
    service = await startService({ DNS_RESOLVERS: resolvers.map(({ address }) => address).join() });
  });
  afterAll(async () => {
    await service.stop();
    for (const resolver of resolvers) await resolver.stop();
  });

  const as = { authorization: '' };
  const check = async () => {
    as.authorization = `Bearer ${service.key}`;
    await service.database.pool.query(
      'UPDATE "agency_domain" SET "checked_at" = "checked_at" - interval \'11 seconds\'',
    );
    return (await service.app.inject({ method: 'POST', url: '/v1/domain/check', headers: as })).json<Standing>();
  };
  const records = async () =>
    (
      await service.database.pool.query<{ statement: string }>(
        `SELECT "statement" FROM "record" WHERE "statement" LIKE '%registrar.%'`,
      )
    ).rows;

  it('is that an agency holds its domain, when all resolvers show its record, and that it does no more', async () => {
    const first = await check();
    expect(first).toMatchObject({ state: 'unverified', outcome: 'absent', record: null });
    expect(first.txt).toEqual({
      name: `_sealroot.${DOMAIN}`,
      value: expect.stringMatching(/^sealroot-domain=[0-9a-f]{32}$/),
    });
    expect(resolvers[0]!.asked.at(-1)).toBe(first.txt.name);
    const seen = { txt: [['v=spf1 -all'], [first.txt.value.slice(0, 9), first.txt.value.slice(9)]] };

    resolvers[0]!.reply = seen;
    expect(await check()).toMatchObject({ state: 'unverified', outcome: 'disputed', record: null });
    resolvers[1]!.reply = 'servfail';
    const unanswered = await check();
    expect(unanswered).toMatchObject({ state: 'unverified', outcome: 'unanswered' });
    expect(unanswered.resolvers[1]).toEqual({ resolver: resolvers[1]!.address, says: 'unanswered', code: 'ESERVFAIL' });
    expect(await records()).toEqual([]);

    resolvers[1]!.reply = seen;
    const verified = await check();
    const again = await check();
    expect(again.record).toBe(verified.record);
    expect(again).toMatchObject({ state: 'verified', outcome: 'seen', record: expect.any(String) });
    expect(again.history.map(({ outcome }) => outcome)).toEqual(['seen', 'unanswered', 'disputed', 'absent']);
    expect(await records()).toHaveLength(1);
    await service.seal();
    const { record } = await verifyFromPublicData(service.app, again.record!, again.document);
    expect(record?.agency).toBe('registrar.test.example');

    const listed = (await service.app.inject('/v1/agencies')).json<{
      agencies: { domain: string; domainCheck?: object }[];
    }>();
    const shown = listed.agencies.find(({ domain }) => domain === DOMAIN)!.domainCheck;
    expect(shown).toMatchObject({ state: 'verified', outcome: 'seen', record: again.record });
    expect(shown).not.toHaveProperty('txt');
    expect((await service.app.inject('/.well-known/sealroot.json')).body).toContain(again.record);

    for (const resolver of resolvers) resolver.reply = 'nodata';
    expect(await check()).toMatchObject({ state: 'verified', outcome: 'absent' });
    await service.database.pool.query(`UPDATE "agency_domain" SET "absent_since" = "absent_since" - interval '1 hour'`);
    expect(await check()).toMatchObject({ state: 'unverified', outcome: 'absent' });
    await service.seal();
    const told = await service.app.inject(`/v1/records/${again.record}`);
    expect(told.json<{ status: object }>().status).toMatchObject({ status: 'revoked' });
  });

  it('is said once, whichever process finds it out and whatever is lost in between', async () => {
    const { txt } = await check();
    for (const resolver of resolvers) resolver.reply = { txt: [[txt.value]] };
    const other = await createApi(service.config);
    try {
      await service.database.pool.query('UPDATE "agency_domain" SET "next_check_at" = now()');
      const before = (await records()).length;
      const look = () =>
        Promise.all([service.app, other].map((app) => app.get(DomainsService, { strict: false }).lookAtDue()));
      await look();
      // The record was lodged, and the process lost before it noted that.
      await service.database.pool.query('UPDATE "agency_domain" SET "record_id" = NULL');
      await look();
      expect((await records()).length).toBe(before + 1);
      expect(await check()).toMatchObject({ state: 'verified', record: expect.any(String) });
    } finally {
      await other.close();
    }
  });

  it('is where its audit log stands, once a day', async () => {
    const notary = service.app.get(AuditLogNotary, { strict: false });
    const id = await notary.notarise();
    expect(id).toEqual(expect.any(String));
    expect(await notary.notarise()).toBeNull();
    await service.seal();
    const head = (await service.app.inject('/v1/audit/head')).json<{
      size: number;
      notarised: { size: number; text: string; record: string };
    }>();
    expect(head.notarised).toMatchObject({ record: id });
    expect(head.notarised.text).toMatch(new RegExp(`^test.example/log/audit\n${head.notarised.size}\n`));
    await verifyFromPublicData(service.app, id!, head.notarised.text);
    await service.database.pool.query(`UPDATE "audit_head" SET "at" = "at" - interval '1 day', "record_id" = NULL`);
    // Left over by a process that was lost: the same record again.
    expect(await notary.notarise()).toBe(id);
    await service.app.inject({
      method: 'POST',
      url: '/v1/agencies',
      headers: { authorization: `Bearer ${ADMIN}` },
      payload: { domain: 'new.example', name: 'New' },
    });
    const next = await notary.notarise();
    expect(next).not.toBe(id);
    expect(next).not.toBeNull();
  });
});

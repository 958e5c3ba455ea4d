import type { Command } from 'commander';
import type { Context } from './context.js';
import { examples, type SetExitCode, withUrl } from './option.js';

/** Adds the operator's commands: `agency`, `key` and `audit-log`. */
export function addAdministration(program: Command, context: Context, setExitCode: SetExitCode): void {
  const load = () => import('./commands/admin.js');
  const agency = program.command('agency').description('create and list agencies (operator)');
  withAdmin(agency.command('create'))
    .description('create an agency')
    .argument('<DOMAIN>', "the agency's domain name")
    .option('--name <name>', 'name to show (default: the domain)')
    .addHelpText('after', examples('sealroot agency create mr.example.gov --name "Motor Registry"'))
    .action(async (domain, options) => (await load()).createAgency(context, domain, options));
  withUrl(agency.command('list'))
    .description('list the agencies: domain, creation time, name')
    .option('--json', 'print the answer as JSON')
    .action(async (options) => (await load()).listAgencies(context, options));

  const key = program.command('key').description('create, list and revoke API keys (operator)');
  withAdmin(key.command('create'))
    .description("create an agency's API key and print it, this once")
    .argument('<DOMAIN>', "the agency's domain name")
    .option('--label <text>', 'what the key is for')
    .option('--scope <scope...>', 'what it is good for: submit, status, read, admin (default: everything)')
    .option('--network <network...>', 'from where it may be used, such as 10.20.0.0/16 (default: everywhere)')
    .option('--expires <time>', 'when it ends, such as 2030-01-01T00:00:00Z (default: never)')
    .option('--public-key <file>', 'PEM of an Ed25519 key whose holder signs his requests: no secret is made')
    .addHelpText('after', examples('(umask 077; sealroot key create mr.example.gov --label archive > api-key)'))
    .action(async (domain, options) => (await load()).createKey(context, domain, options));
  withAdmin(key.command('list'))
    .description("list an agency's keys: prefix, state, creation time, last use, scopes, label")
    .argument('<DOMAIN>', "the agency's domain name")
    .action(async (domain, options) => (await load()).listKeys(context, domain, options));
  withAdmin(key.command('revoke'))
    .description('revoke an API key')
    .argument('<PREFIX>', 'the prefix of the key, sr_ and eight characters')
    .option('--agency <domain>', 'the agency that has it (default: found by the prefix)')
    .addHelpText('after', examples('sealroot key revoke sr_0a1b2c3d'))
    .action(async (prefix, options) => (await load()).revokeKey(context, prefix, options));
  withAdmin(program.command('audit-log'))
    .description('read what administrators did, recompute the heads that commit to it, and keep it (operator, auditor)')
    .argument('[FOLDER]', 'where it is kept, and compared with what was kept there before', 'sealroot-audit-log')
    .addHelpText('after', examples('sealroot audit-log acts/', 'sealroot verify acts/head.txt --log-key @notary.vkey'))
    .action(async (folder, options) =>
      setExitCode(await (await import('./commands/audit-log.js')).checkAuditLog(context, folder, options)),
    );
}

function withAdmin(command: Command): Command {
  return withUrl(command)
    .option(
      '--admin-token-file <file>',
      "file with the operator's token (else SEALROOT_ADMIN_TOKEN, else ./data/admin-token)",
    )
    .option('--json', 'print the answer as JSON');
}

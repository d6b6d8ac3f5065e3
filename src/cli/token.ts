import { Command, Option } from 'commander';
import { ALL_ROLES, listTokens, type Role, type Token } from '../access/index.ts';
import { endToken, INSTALLATION, makeToken } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { uuidv7 } from '../base/uuid.ts';
import { raise } from '../errors.ts';
import type { Installation } from '../server.ts';
import { change, chosenTenant, withInstallation } from './context.ts';
import { integerFrom } from './numbers.ts';
import { iso, table, writeJson, writeLine } from './output.ts';

export function tokenCommand(): Command {
  return new Command('token')
    .description('Tokens for the API: of a tenant, or of the whole installation.')
    .addCommand(create())
    .addCommand(list())
    .addCommand(revoke());
}

interface Whose {
  readonly tenant?: string;
  readonly installation?: true;
}

const whoseOptions = (command: Command): Command =>
  command
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--installation', 'of the installation, for its administrator')
    .option('--json', 'print JSON');

async function ownerOf(installation: Installation, whose: Whose): Promise<string | null> {
  return whose.installation === true ? null : (await chosenTenant(installation, whose.tenant)).tenantId;
}

interface CreateOptions extends Whose {
  readonly name: string;
  readonly role?: Role;
  readonly scopes?: string;
  readonly days?: number;
  readonly json?: true;
}

const DAY_MS = 24 * 3_600_000;

function create(): Command {
  return whoseOptions(new Command('create'))
    .description('Make a token and show it, for this once.')
    .requiredOption('--name <name>', 'who or what will use it')
    .addOption(new Option('--role <role>', 'what it may do').choices(ALL_ROLES))
    .option('--scopes <list>', 'fewer than the role gives, with commas between')
    .option('--days <count>', 'how long it works; default: until it is revoked', integerFrom(1))
    .action(async ({ name, role, scopes, days, json, ...whose }: CreateOptions) => {
      const made = await withInstallation(async (installation) => {
        const now = systemClock.now();
        const token = {
          tokenId: uuidv7(now, systemRandom),
          name,
          role: role ?? (whose.installation === true ? 'admin' : 'viewer'),
          scopes: scopes === undefined ? null : scopes.split(',').map((scope) => scope.trim()),
          expiresAt: days === undefined ? null : now + days * DAY_MS,
        } as const;
        const owner = (await ownerOf(installation, whose)) ?? INSTALLATION;
        return { role: token.role, ...(await change(installation, owner, 'createToken', makeToken(token))) };
      });
      if (json === true) return void (await writeJson(made));
      await writeLine(made.token);
      await writeLine(`a token of the role ${made.role}; it is not shown again`);
    });
}

function list(): Command {
  return whoseOptions(new Command('list'))
    .description('All tokens, never the tokens themselves.')
    .action(async ({ json, ...whose }: Whose & { readonly json?: true }) => {
      const tokens = await withInstallation(async (installation) =>
        listTokens(installation.database.directory, await ownerOf(installation, whose)),
      );
      if (json === true) for (const token of tokens) await writeJson(shown(token));
      else
        await writeLine(
          table(
            ['id', 'name', 'role', 'made', 'ends', 'last used'],
            tokens.map((token) => [
              token.tokenId,
              token.name,
              token.role,
              iso(token.createdAt) ?? '',
              endOf(token),
              iso(token.lastUsedAt) ?? 'never',
            ]),
          ),
        );
    });
}

const shown = (token: Token) => ({
  ...token,
  createdAt: iso(token.createdAt),
  expiresAt: iso(token.expiresAt),
  revokedAt: iso(token.revokedAt),
  lastUsedAt: iso(token.lastUsedAt),
});

const endOf = ({ revokedAt, expiresAt }: Token): string =>
  revokedAt === null ? (iso(expiresAt) ?? 'never') : `revoked ${iso(revokedAt) ?? ''}`;

function revoke(): Command {
  return whoseOptions(new Command('revoke'))
    .description('End a token at once, everywhere.')
    .argument('<id>', 'as `token list` shows it')
    .action(async (tokenId: string, { json, ...whose }: Whose & { readonly json?: true }) => {
      if (!/^[0-9a-f-]{36}$/i.test(tokenId)) throw raise('usage', 'the id is the one that `token list` shows');
      await withInstallation(async (installation) => {
        const owner = (await ownerOf(installation, whose)) ?? INSTALLATION;
        await change(installation, owner, 'revokeToken', endToken(tokenId));
      });
      if (json === true) return void (await writeJson({ tokenId, revoked: true }));
      await writeLine('the token has ended');
    });
}

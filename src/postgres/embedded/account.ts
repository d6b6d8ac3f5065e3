import { stat } from 'node:fs/promises';
import { failed } from './failure.ts';
import { run, type Account } from './program.ts';

const OWN = 'millwright-postgres';

/** Ways to make a system user without a login; which of them exists depends on the distribution. */
const RECIPES: readonly (readonly (readonly string[])[])[] = [
  [['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', '/', '--shell', '/bin/false', OWN]],
  [['adduser', '--system', '--group', '--no-create-home', '--home', '/', '--shell', '/bin/false', OWN]],
  // Busybox
  [
    ['addgroup', '-S', OWN],
    ['adduser', '-S', '-D', '-H', '-h', '/', '-s', '/bin/false', '-G', OWN, OWN],
  ],
];

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Who is to run PostgreSQL, which refuses to run as root: the owner of an existing `directory`, else `postgres`, else
 * a system user of our own. Undefined: this process's own user.
 */
export async function accountFor(directory: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  return (await ownerOf(directory)) ?? (await serviceAccount());
}

async function ownerOf(directory: string): Promise<Account | undefined> {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined || found.uid === 0) return undefined;
  return { name: `user ${found.uid}`, uid: found.uid, gid: found.gid };
}

async function serviceAccount(): Promise<Account> {
  const known = (await lookUp('postgres')) ?? (await lookUp(OWN));
  if (known !== undefined) return known;
  const printed: string[] = [];
  for (const recipe of RECIPES) {
    for (const [program = '', ...args] of recipe) printed.push((await run(program, args, undefined)).output);
    // Another process may have been faster, so what counts is whether the user is there.
    const made = await lookUp(OWN);
    if (made !== undefined) return made;
  }
  throw failed(
    `PostgreSQL refuses to run as root, and no user "postgres" or "${OWN}" exists or can be made. Start Millwright as ` +
      'a normal user, make such a user, or set DATABASE_URL to a PostgreSQL of your own',
    printed.join('\n'),
  );
}

async function lookUp(name: string): Promise<Account | undefined> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name], undefined), run('id', ['-g', name], undefined)]);
  if (!uid.ok || !gid.ok) return undefined;
  const account = { name, uid: Number(uid.output), gid: Number(gid.output) };
  return account.uid > 0 && account.gid >= 0 ? account : undefined;
}

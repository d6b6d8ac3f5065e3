import { createHmac } from 'node:crypto';
import { durationInWords } from '../base/amounts.ts';
import { systemClock } from '../base/clock.ts';
import { isCoded } from '../base/coded-error.ts';
import { hookTarget, subscriptionsOf, WANTED_EVENTS, writesFor } from '../inbound/index.ts';
import { checkSignature, undiciHttp, type MaintainxClient } from '../maintainx/index.ts';
import { aheadOf } from '../onboarding/index.ts';
import { clientFor, gateOfKey } from '../clients.ts';
import type { Installation } from '../server.ts';
import { openConnection, type Connection, type ConnectionState, type Tenant } from '../tenants/index.ts';

/** What a check found, and what to do about it. */
export interface Finding {
  readonly about: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly says: string;
  /** '' when there is nothing to be done. */
  readonly advice: string;
}

export interface Check {
  readonly about: string;
  run(): Promise<Finding>;
}

const ok = (about: string, says: string): Finding => ({ about, state: 'ok', says, advice: '' });
const warning = (about: string, says: string, advice: string): Finding => ({ about, state: 'warning', says, advice });
const failed = (about: string, says: string, advice: string): Finding => ({ about, state: 'failed', says, advice });

/** The database answers, as who, and whether MaintainX can reach us. */
export async function checkInstallation(installation: Installation): Promise<readonly Finding[]> {
  return [await databaseFinding(installation), await publicUrlFinding(installation)];
}

async function databaseFinding({ database }: Installation): Promise<Finding> {
  const [row] = await database.directory.query<{ version: string; login: string; might: boolean }>(
    `select current_setting('server_version') as version, rolname as login, rolsuper or rolbypassrls as might
     from pg_roles where rolname = current_user`,
  );
  const says = `PostgreSQL ${row?.version ?? '?'} as ${row?.login ?? '?'}`;
  return row?.might === false
    ? ok('database', says)
    : failed('database', `${says}, who may step around row-level security`, 'Set DATABASE_URL to the runtime role.');
}

/** From here to the gateway and back by the address that MaintainX is told. */
async function publicUrlFinding({ config }: Installation): Promise<Finding> {
  const about = 'public URL';
  const { publicUrl } = config;
  if (publicUrl === undefined)
    return warning(about, 'none is set: changes come by polling alone', 'Set MILLWRIGHT_PUBLIC_URL for webhooks.');
  const advice = 'Start the gateway, or mend the way from outside to it: MaintainX must reach this address.';
  try {
    const answer = await fetch(`${publicUrl}/livez`, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    const text = await answer.text();
    return answer.status === 200 && text.includes('"status":"ok"')
      ? ok(about, `${publicUrl} leads to a gateway`)
      : failed(about, `${publicUrl}/livez answers ${answer.status}, which is not our gateway`, advice);
  } catch (error) {
    return failed(about, `${publicUrl} does not answer (${reasonOf(error)})`, advice);
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);

/** Whether the tenant is at work. */
export function checkState({ state, stateReason }: Tenant): Check {
  const about = 'state';
  const says = `${state}: ${stateReason ?? 'no reason was given'}`;
  const found = state === 'active' ? ok(about, 'active') : warning(about, says, 'Nothing is copied meanwhile.');
  return { about, run: () => Promise.resolve(found) };
}

/** What is looked at for each connection; each asks MaintainX at most once. */
export function checkConnection(
  installation: Installation,
  { tenantId }: Tenant,
  { organizationId, connectionId }: ConnectionState,
): readonly Check[] {
  const connected = (): Promise<Connection> =>
    installation.database.withTenant(tenantId, (tx) => openConnection(tx, installation.vault, organizationId));
  const asking = async (
    work: (client: MaintainxClient, connection: Connection) => Promise<Finding>,
  ): Promise<Finding> => withClient(installation, await connected(), work);
  return [
    { about: 'key', run: () => asking(keyFinding) },
    { about: 'clock', run: () => asking(clockFinding) },
    { about: 'webhooks', run: () => webhooksFinding(installation, tenantId, connectionId) },
    { about: 'signature', run: () => signatureFinding(installation, tenantId, connectionId) },
  ];
}

async function withClient(
  installation: Installation,
  connection: Connection,
  work: (client: MaintainxClient, connection: Connection) => Promise<Finding>,
): Promise<Finding> {
  const http = undiciHttp();
  const stopping = new AbortController();
  try {
    const gate = gateOfKey(installation, connection, stopping.signal);
    return await work(clientFor(installation.config, connection, http, gate), connection);
  } finally {
    stopping.abort();
    await http.close();
  }
}

async function keyFinding(client: MaintainxClient, connection: Connection): Promise<Finding> {
  const about = 'key';
  try {
    const organizations = await client.organizations();
    const own = organizations.find((one) => one.id === connection.organizationId);
    if (own === undefined)
      return failed(
        about,
        `it does not see organisation ${connection.organizationId}`,
        'Give a key of that organisation: millwright tenant set-key.',
      );
    const needsHeader = organizations.length > 1;
    if (needsHeader !== connection.sendsOrganization)
      return failed(
        about,
        needsHeader
          ? `it sees ${organizations.length} organisations, and requests do not name theirs`
          : 'it sees one organisation, and requests name it, which MaintainX refuses',
        'Set the key anew: millwright tenant set-key.',
      );
    return ok(about, `MaintainX takes it for organisation ${own.id} (${own.name})`);
  } catch (error) {
    if (!isCoded(error, 'maintainx-unauthorized', 'maintainx-forbidden')) throw error;
    return failed(about, `MaintainX refuses it (${error.message})`, 'Give a new one: millwright tenant set-key.');
  }
}

/** Signatures are taken for five minutes around our own time. */
const SKEW_WARNED_MS = 60_000;
const SKEW_FAILED_MS = 4 * 60_000;

async function clockFinding(client: MaintainxClient): Promise<Finding> {
  const about = 'clock';
  const before = systemClock.now();
  const { serverTime } = await client.list('category', { limit: 1 });
  const after = systemClock.now();
  if (serverTime === null) return warning(about, 'MaintainX does not tell its time', '');
  const skew = Math.abs(aheadOf(serverTime, before, after));
  if (skew < SKEW_WARNED_MS) return ok(about, `within ${durationInWords(Math.max(1_000, skew))} of MaintainX's`);
  const says = `${durationInWords(skew)} from MaintainX's`;
  const advice = 'Set this machine by NTP: webhooks are refused whose signature is five minutes from our time.';
  return skew < SKEW_FAILED_MS ? warning(about, says, advice) : failed(about, says, advice);
}

async function webhooksFinding(
  { database, config }: Installation,
  tenantId: string,
  connectionId: string,
): Promise<Finding> {
  const about = 'webhooks';
  if (config.publicUrl === undefined) return ok(about, 'none are wanted without a public URL');
  const known = await database.withTenant(tenantId, (tx) => subscriptionsOf(tx, connectionId));
  const inState = (wanted: string): number => known.filter(({ state }) => state === wanted).length;
  const says = `${inState('active')} of ${WANTED_EVENTS.length} subscribed`;
  const writes = await writesFor(database, tenantId);
  if (writes !== 'on')
    return warning(
      about,
      `${says}; nothing is written to MaintainX (${writes})`,
      writes === 'restored' ? 'See: millwright restored' : 'See: millwright tenant settings',
    );
  if (inState('pending-approval') > 0)
    return warning(
      about,
      `${says}, ${inState('pending-approval')} wait for approval`,
      'Have an administrator approve them in MaintainX.',
    );
  return inState('active') === WANTED_EVENTS.length
    ? ok(about, says)
    : warning(about, says, 'A running gateway makes the others; its log says what MaintainX refuses.');
}

/** Signs something with a stored secret as MaintainX would, and checks it as a webhook is checked. */
async function signatureFinding(
  { database, vault }: Installation,
  tenantId: string,
  connectionId: string,
): Promise<Finding> {
  const about = 'signature';
  const known = await database.withTenant(tenantId, (tx) => subscriptionsOf(tx, connectionId));
  const one = known.find(({ state }) => state === 'active');
  if (one === undefined) return ok(about, 'no subscription yet');
  const target = await database.withTenant(tenantId, (tx) => hookTarget(tx, vault, one.subscriptionId));
  if (target === undefined)
    return failed(about, 'the secret of a subscription is missing', 'The gateway reads it again.');
  const [now, payload] = [systemClock.now(), '{"doctor":true}'];
  const t = String(Math.floor(now / 1_000));
  const v1 = createHmac('sha256', target.secret.reveal()).update(`${t}.${payload}`).digest('hex');
  const check = checkSignature({ header: `t=${t},v1=${v1}`, payload, secret: target.secret.reveal(), now });
  return check.valid
    ? ok(about, 'a stored secret signs and verifies')
    : failed(about, check.explanation, 'This is a fault of ours: report it.');
}

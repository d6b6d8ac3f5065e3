import { walkRecords } from './walk-records.ts';
import { createEach, goodBody, updateEach } from './writing.ts';
import { idIn, type Walker } from './walker.ts';

/** Users, teams and what they tell each other. */
export async function walkPeople(walker: Walker): Promise<void> {
  const { known } = walker;
  const [user = known.one('users')] = await walkRecords(walker, 'users');
  await walkReturn(walker);
  await walker.call('POST /users/{id}/messages', { path: { id: user }, body: { content: 'good morning' } });
  const [team = known.one('teams')] = await walkRecords(walker, 'teams', { update: { except: ['membersCount'] } });
  await walkMembers(walker, team, user);
  await walkConversations(walker);
}

/** Somebody leaves and is invited again. */
async function walkReturn(walker: Walker): Promise<void> {
  const body = { ...goodBody(walker, 'POST /users'), email: 'returner@example.com' };
  const id = idIn(await walker.call('POST /users', { body }));
  if (id === undefined) return;
  await walker.call('DELETE /users/{id}', { path: { id } });
  const back = idIn(await walker.call('POST /users', { body, because: 'invited again' }));
  if (back !== undefined) walker.known.addMade('users', back);
}

async function walkMembers(walker: Walker, id: number, userId: number): Promise<void> {
  const { known } = walker;
  const newcomers = known.all('users').slice(1, 3);
  for (const [index, newcomer] of newcomers.entries())
    await walker.call('POST /teams/{id}/members', {
      path: { id },
      body: { id: newcomer, ...(index === 0 ? {} : { teamRole: 'ADMIN' }) },
    });
  await walker.call('GET /teams/{id}/members', { path: { id } });
  const member = newcomers[0] ?? userId;
  known.add('teams-with-members', id);
  known.add('members', newcomers[1] ?? member);
  for (const teamRole of ['ADMIN', 'MEMBER'])
    await walker.call('PATCH /teams/{teamId}/members/{userId}', {
      path: { teamId: id, userId: member },
      body: { teamRole },
    });
  await walker.call('DELETE /teams/{teamId}/members/{userId}', { path: { teamId: id, userId: member } });
}

async function walkConversations(walker: Walker): Promise<void> {
  const { rows } = await walker.call('GET /conversations');
  walker.known.addRows('conversations', rows);
  const id = walker.known.one('conversations');
  await walker.call('GET /conversations/{id}/members', { path: { id } });
  await walker.call('POST /conversations/{id}/messages', { path: { id }, body: { content: 'the press is down' } });
}

/** Categories, portals and what is merely read. */
export async function walkSettings(walker: Walker): Promise<void> {
  await walker.call('GET /versions');
  await walker.call('GET /organizations');
  await walkRecords(walker, 'categories');
  await walkRecords(walker, 'workrequestportals');
}

/** Reports that only MaintainX's own pages can make. */
export async function walkReports(walker: Walker): Promise<void> {
  const { rows } = await walker.call('GET /rootcauseanalysisreports');
  walker.known.addRows('rootcauseanalysisreports', rows);
  const id = walker.known.one('rootcauseanalysisreports');
  for (const expand of ['main_asset', 'main_asset_status', 'problems', 'work_orders'])
    await walker.call('GET /rootcauseanalysisreports/{id}', { path: { id }, query: [['expand', expand]] });
  await walker.call('GET /rootcauseanalysisreports/{id}', { path: { id } });
}

/** Plans and the blueprints of their work. */
export async function walkPlans(walker: Walker): Promise<void> {
  const { known } = walker;
  const customFieldValues: [] = [];
  const blueprint = { values: { customFieldValues, partsUsed: [{ partId: known.one('parts'), quantityUsed: 1 }] } };
  for (const id of await createEach(walker, 'POST /maintenanceplans/workorderblueprints', blueprint))
    known.add('workorderblueprints', id);
  const plan = { recurrence: { type: 'WEEKLY', interval: 2, days: ['MONDAY', 'THURSDAY'] } };
  const [id = known.one('maintenanceplans')] = await walkRecords(walker, 'maintenanceplans', {
    create: { values: plan },
    update: {
      values: {
        ...plan,
        removedPlanAssetIds: [],
        removedIntervalIds: [],
        addedUpdatedIntervals: [{ interval: 3, workOrderBlueprintId: known.one('workorderblueprints') }],
      },
    },
  });
  for (const recurrence of [
    { type: 'DAILY' },
    { type: 'MONTHLY', interval: 1, day: 15 },
    { type: 'YEARLY', interval: 1 },
  ])
    await updateEach(walker, 'PATCH /maintenanceplans/{id}', {
      path: { id },
      values: { recurrence },
      except: PLAN_BUT_RECURRENCE,
    });
}

const PLAN_BUT_RECURRENCE = [
  'name',
  'startDate',
  'workOrderBlueprintId',
  'workOrderStartDatePadding',
  'workOrderStartDateOffset',
  'planningHorizon',
  'nextWorkOrderToGenerateDueDate',
  'addedPlanAssets',
  'removedPlanAssetIds',
  'addedUpdatedIntervals',
  'removedIntervalIds',
  'nextCycleOccurrence',
];

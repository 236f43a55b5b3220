import { readOwners } from '../../accounts/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { ListTrialsInput, TrialView } from '../figures.schemas.ts'
import { trialFilter } from './trials.ts'

interface Row {
  id: string
  account_id: string
  plan_code: string
  plan_name: string
  status: TrialView['status']
  trial_start: string
  trial_end: string | null
  converted_at: string | null
  place: string
}

/**
 * Lists trials, the latest first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listTrials(
  { em, billing }: AdminScope,
  { cursor, limit, ...filter }: ListTrialsInput,
): Promise<Page<TrialView>> {
  const { where, values, by } = trialFilter(filter, await billing.time.now())
  const last = cursor ? readCursor(cursor) : undefined
  // Cursors have milliseconds, and so have the provider's times.
  const rows = await em.execute<Row[]>(
    `select page.*, plan.code as plan_code, plan.name as plan_name from (
       select id, account_id, plan_id, status, trial_start, trial_end, converted_at, ${by} as place
       from subscriptions where ${where} ${last ? `and (${by}, id) < (?, ?::uuid)` : ''}
       order by ${by} desc, id desc limit ?
     ) page join plans plan on plan.id = page.plan_id order by page.place desc, page.id desc`,
    [...values, ...(last ? [last.at, last.id] : []), limit + 1],
  )
  const owners = await readOwners(em, [...new Set(rows.map((row) => row.account_id))])
  return pageOf(
    rows,
    limit,
    (row) => {
      const owner = owners.get(row.account_id)
      return {
        ...{ subscriptionId: row.id, planCode: row.plan_code, planName: row.plan_name, status: row.status },
        trialStart: new Date(row.trial_start),
        trialEnd: row.trial_end === null ? null : new Date(row.trial_end),
        convertedAt: row.converted_at === null ? null : new Date(row.converted_at),
        owner: owner ? { account: owner.account, user: { id: owner.user.id, email: owner.user.email } } : null,
      }
    },
    ({ place, id }) => ({ at: new Date(place), id }),
  )
}

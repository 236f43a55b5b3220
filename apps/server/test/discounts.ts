import type { TollgateClient } from '@tollgate/client'
import { expect } from 'vitest'
import { until } from './inbox.ts'
import { payOnPage } from './pay.ts'
import { eventsDone } from './progress.ts'
import type { TestApp } from './test-app.ts'

/** A user who has bought a plan with a promotion code. */
export async function aBuyerWith(app: TestApp, planCode: string, promotionCode: string) {
  const user = await app.aUser()
  const { billing } = (await app.as(user)).api
  const { checkoutUrl } = await billing.subscriptions.subscribe.mutate({ planCode, promotionCode })
  await payOnPage(checkoutUrl)
  await until('access', async () => (await billing.subscriptions.current.query())?.hasAccess)
  await eventsDone(app)
  return { user, billing, current: await billing.subscriptions.current.query() }
}

/** MRR in dollars, which the statistics, the changes by day, and the plans must say alike. */
export async function readMrr(app: TestApp, { admin }: TollgateClient['api']): Promise<number> {
  const inDollars = (sums: readonly { currency: string; cents: number }[]) =>
    sums.reduce((sum, { currency, cents }) => sum + (currency === 'usd' ? cents : 0), 0)
  const stats = inDollars((await admin.stats.query()).revenue.mrr)
  const [row] = await app
    .scope()
    .em.execute<{ cents: string }[]>(
      `select coalesce(round(sum(closed - opened) / 12), 0) as cents from mrr_changes where currency = 'usd'`,
    )
  const ofPlans = inDollars((await admin.plans.list.query({})).items.flatMap(({ mrr }) => mrr))
  expect([Number(row?.cents), ofPlans]).toEqual([stats, stats])
  return stats
}

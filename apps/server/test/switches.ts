import type { TollgateClient } from '@tollgate/client'
import { advanceBoth, callbacksDone, payAtPaymob } from './paymob-purchases.ts'
import { jobsDone } from './progress.ts'
import { aPayingUser } from './purchases.ts'
import type { TestApp, TestUser } from './test-app.ts'

type Billing = TollgateClient['api']['billing']

export const billingFor = async (app: TestApp, user: TestUser): Promise<Billing> => (await app.as(user)).api.billing

/** Waits until all notices of both providers are applied, and all that they lead to is done. */
export async function settledAtBoth(app: TestApp): Promise<void> {
  await callbacksDone(app)
  await jobsDone(app, 'settle-upcoming', 'reverse-subscription', 'expire-checkouts', 'end-billing', 'settle-change')
  await callbacksDone(app)
}

/** Moves the time of both providers, and waits as {@link settledAtBoth}. */
export async function advanceSettled(app: TestApp, by: { days?: number; hours?: number }): Promise<void> {
  await advanceBoth(app, by)
  await settledAtBoth(app)
}

/** An account's payments, newest first, each with the amount that was not paid back. */
export async function moneyOf({ payments }: Billing) {
  const { items } = await payments.list.query({})
  return items.map(({ provider, status, amountCents, refundedCents }) => ({
    ...{ provider, status, kept: amountCents - refundedCents },
  }))
}

/** A user who pays at Stripe and has bought a Paymob plan that begins afterwards. */
export async function aSwitcherTo(app: TestApp, newPlan: string, planCode = 'pro') {
  const user = await aPayingUser(app, planCode)
  const billing = await billingFor(app, user)
  const { sessionId } = await billing.subscriptions.switch.mutate({ planCode: newPlan })
  await payAtPaymob(app, sessionId)
  await settledAtBoth(app)
  return { user, billing, sessionId }
}

/** An account's subscriptions that wait or have waited to begin, oldest first. */
export const upcomingRowsOf = async (app: TestApp, { id }: TestUser) =>
  app
    .scope()
    .em.execute<{ status: string; provider_subscription_id: string }[]>(
      'select status, provider_subscription_id from upcoming_subscriptions where account_id = ? order by id',
      [id],
    )

export const fetchAtPaymob = async ({ deps }: TestApp, id = '') =>
  deps.billing.providers.get('paymob')?.withTimeBudget(10_000).fetchSubscription(id)

import type { TollgateClient } from '@tollgate/client'
import { advanceBoth, callbacksDone } from './paymob-purchases.ts'
import { jobsDone } from './progress.ts'
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

/** What an account has paid, newest first, and what of it was not paid back. */
export async function moneyOf({ payments }: Billing) {
  const { items } = await payments.list.query({})
  return items.map(({ provider, status, amountCents, refundedCents }) => ({
    ...{ provider, status, kept: amountCents - refundedCents },
  }))
}

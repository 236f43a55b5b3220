import type { PaymobSandbox } from '@tollgate/paymob-sandbox'
import { until } from './inbox.ts'
import { control } from './paymob-gateway.ts'
import { eventsDone } from './progress.ts'
import type { TestApp, TestUser } from './test-app.ts'

/** The app's Paymob sandbox. */
export function paymobOf({ paymob }: TestApp): PaymobSandbox {
  if (!paymob) throw new Error('Create the app with `paymob: true`.')
  return paymob
}

/** Creates a plan that is paid through Paymob, in Egyptian pounds, as an administrator does. */
export async function aPaymobPlan(app: TestApp, code: string, priceCents: number, terms: object = {}) {
  const admin = await app.aUser({ isAdmin: true })
  const { api } = await app.as(admin)
  return api.billing.plans.create.mutate({
    ...{ code, name: code.toUpperCase(), priceCents, currency: 'egp', billingPeriod: 'monthly', tier: 'pro' },
    provider: 'paymob',
    ...terms,
  })
}

/** Pays an open page of Paymob's. @returns where the browser goes then. */
export async function payAtPaymob(app: TestApp, reference: string, how: object = {}): Promise<string> {
  const { returnTo } = await control(paymobOf(app), 'POST', 'checkouts/pay', { reference, ...how })
  return returnTo
}

/** Waits until all callbacks were delivered and applied, and all events of Stripe. */
export async function callbacksDone(app: TestApp): Promise<void> {
  await paymobOf(app).drained()
  await eventsDone(app)
}

/** Moves the time of both sandboxes, and waits until what came due has been applied. */
export async function advanceBoth(app: TestApp, by: { days?: number; hours?: number }): Promise<void> {
  await app.stripe.advance(by)
  const target = app.stripe.now().getTime()
  await until('Paymob to follow the clock', async () => {
    await fetch(`${paymobOf(app).url}/_/clock`)
    return paymobOf(app).now().getTime() >= target - 2_000
  })
  await callbacksDone(app)
}

/** A user who has paid for a plan of Paymob's. */
export async function aPaymobPayer(
  app: TestApp,
  planCode: string,
  wish: { currency?: string } = {},
  how: object = {},
): Promise<TestUser & { sessionId: string }> {
  const user = await app.aUser()
  const { api } = await app.as(user)
  const { sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode, ...wish })
  await payAtPaymob(app, sessionId, how)
  await until('access', async () => (await api.billing.subscriptions.current.query())?.hasAccess)
  await callbacksDone(app)
  return { ...user, sessionId }
}

interface Sent {
  id: number
  parent_transaction: number | null
  order?: { merchant_order_id: string | null }
}

/** Whether what was paid on a page has been paid back, by Paymob's callbacks. */
export function isPaidBack(app: TestApp, reference: string): boolean {
  const sent = paymobOf(app)
    .callbacks()
    .flatMap(({ body }) => (body as { obj?: Sent }).obj ?? [])
  const paid = sent.find((one) => one.order?.merchant_order_id === reference && one.parent_transaction === null)
  return sent.some(({ parent_transaction }) => parent_transaction === (paid?.id ?? 0))
}

import { strict as assert } from 'node:assert'
import type { TollgateClient } from '@tollgate/client'
import { currentOnce, day, EMAIL, eventually, money, type Step } from './demo-steps.ts'
import type { Endpoints } from './endpoints.ts'
import { aMailTo } from './received-mail.ts'

/** How many seats support sells on the phone. */
const SEATS = 3
const REFUND_CENTS = 500
/** How many days before the period's end support lets the subscription end. */
const DAYS_EARLY = 5

/** Support changes things in Stripe's dashboard, and the product follows. */
export async function supportSteps({ api }: TollgateClient, endpoints: Readonly<Endpoints>, step: Step): Promise<void> {
  const dashboard = dashboardOf(endpoints)
  const { id: customer } = await theOnly(dashboard<Listed>('GET', 'customers', { email: EMAIL }))
  const { id } = await theOnly(dashboard<Listed>('GET', 'subscriptions', { customer }))
  const { items } = await dashboard<{ items: Listed }>('GET', `subscriptions/${id}`)
  const before = await currentOnce(api, () => true)

  await step('Support sets an end', async () => {
    const end = new Date(before.currentPeriodEnd.getTime() - DAYS_EARLY * 86_400_000)
    await dashboard('POST', `subscriptions/${id}`, { cancel_at: String(end.getTime() / 1_000) })
    const { accessReason, accessUntil } = await currentOnce(api, (seen) => seen.accessReason === 'ending')
    assert.deepEqual(accessUntil, end)
    const { subject } = await aMailTo(endpoints.mail, EMAIL, /will end/)
    return `in Stripe's dashboard; here it is ${accessReason}, with access until ${day(accessUntil)}; email "${subject}"`
  })
  await step('Support undoes that', async () => {
    await dashboard('POST', `subscriptions/${id}`, { cancel_at: '' })
    const { accessReason } = await currentOnce(api, (seen) => seen.accessReason === 'active')
    return `${accessReason} again`
  })
  await step('Support pauses', async () => {
    await dashboard('POST', `subscriptions/${id}`, { 'pause_collection[behavior]': 'void' })
    const paused = await currentOnce(api, ({ pause }) => pause !== null)
    assert.equal(paused.hasAccess, true)
    await dashboard('POST', `subscriptions/${id}`, { pause_collection: '' })
    await currentOnce(api, ({ pause }) => pause === null)
    return `from ${day(paused.pause?.from ?? null)}, when the paid period ends; then support resumes`
  })
  await step('Support sells seats', async () => {
    const { id: item } = await theOnly(items)
    const [quantity, proration_behavior] = [String(SEATS), 'none']
    await dashboard('POST', `subscription_items/${item}`, { quantity, proration_behavior })
    const seen = await currentOnce(api, ({ priceCents }) => priceCents === SEATS * before.priceCents)
    assert.equal(seen.plan.code, before.plan.code)
    assert.equal(seen.hasAccess, true)
    return `${SEATS} x ${seen.plan.name}: ${money(seen.priceCents, seen.currency)} from the next period`
  })
  await step('Support refunds', async () => {
    const {
      data: [charge],
    } = await dashboard<Listed>('GET', 'charges', { customer })
    await dashboard('POST', 'refunds', { charge: charge?.id ?? '', amount: String(REFUND_CENTS) })
    const [payment, ...older] = await eventually('the refund is not shown', async () => {
      const { items: payments } = await api.billing.payments.list.query({})
      return payments[0]?.refundedCents === REFUND_CENTS ? payments : undefined
    })
    assert.equal(payment?.status, 'partially_refunded')
    assert.ok(older.every(({ refundedCents }) => refundedCents === 0))
    return `${money(payment.refundedCents, payment.currency)} of ${money(payment.amountCents, payment.currency)}; access stays`
  })
}

interface Listed {
  data: { id: string }[]
}

/** Calls Stripe's API as its dashboard does. Answers with the object. */
function dashboardOf({ stripe, stripeKey }: Readonly<Endpoints>) {
  return async <T>(method: 'GET' | 'POST', path: string, params: Record<string, string> = {}): Promise<T> => {
    const form = new URLSearchParams(params)
    const isQuery = method === 'GET'
    const response = await fetch(`${stripe}/v1/${path}${isQuery ? `?${form.toString()}` : ''}`, {
      method,
      headers: { authorization: `Bearer ${stripeKey}` },
      ...(isQuery ? {} : { body: form }),
    })
    const answer = (await response.json()) as T
    assert.equal(response.status, 200, JSON.stringify(answer))
    return answer
  }
}

async function theOnly(list: Listed | Promise<Listed>): Promise<{ id: string }> {
  const {
    data: [one, ...others],
  } = await list
  assert.ok(one)
  assert.equal(others.length, 0)
  return one
}

import { strict as assert } from 'node:assert'
import { createTollgateClient } from '@tollgate/client'
import { advance, currentOnce, day, eventually, money, type Step } from './demo-steps.ts'
import type { Endpoints } from './endpoints.ts'
import { aMailTo, tokenIn } from './received-mail.ts'

const EMAIL = 'nour@example.com'
const PASSWORD = 'correct horse battery staple'
const PLAN = 'pro-egp'

/** The same life at the second provider: a customer in Egypt pays in pounds through Paymob. */
export async function paymobSteps(endpoints: Readonly<Endpoints>, step: Step): Promise<void> {
  const { api } = createTollgateClient({ url: endpoints.api, cookies: 'memory' })
  const paymob = controlOf(endpoints)

  await step('Nour signs up', async () => {
    await api.auth.register.mutate({ email: EMAIL, username: 'nour', password: PASSWORD })
    await api.auth.verifyEmail.mutate({ token: tokenIn(await aMailTo(endpoints.mail, EMAIL, /verify/)) })
    const { user } = await api.auth.login.mutate({ email: EMAIL, password: PASSWORD })
    return `${user.email}, in Egypt`
  })
  await step('Choose a plan in EGP', async () => {
    const { sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode: PLAN })
    await paymob('POST', 'checkouts/pay', { reference: sessionId, outcome: 'decline' })
    assert.equal((await api.billing.subscriptions.current.query())?.hasAccess ?? false, false)
    await paymob('POST', 'checkouts/pay', { reference: sessionId })
    const { plan, provider, priceCents, currency } = await currentOnce(api, ({ hasAccess }) => hasAccess)
    assert.equal(provider, 'paymob')
    return `${plan.name} for ${money(priceCents, currency)} at Paymob; a declined card first, then a good one`
  })
  await step('A callback is forged', async () => {
    const callbacks = await paymob<{ id: string }[]>('GET', 'callbacks')
    const before = await api.billing.payments.list.query({})
    for (const { id } of callbacks.slice(0, 3))
      await paymob('POST', `callbacks/${id}/forge`, {
        set: { 'obj.amount_cents': 1, 'subscription_data.amount_cents': 1 },
      })
    assert.deepEqual(await api.billing.payments.list.query({}), before)
    return 'with a valid signature and another amount; nothing changes, since state and money are fetched'
  })
  await step('30 days pass', async () => {
    const { currentPeriodEnd: first } = await currentOnce(api, () => true)
    await advance(endpoints, { days: 31 })
    const { currentPeriodEnd } = await currentOnce(api, (seen) => seen.currentPeriodEnd > first)
    const items = await eventually('the second payment is missing', async () => {
      const page = await api.billing.payments.list.query({})
      return page.items.length >= 2 ? page.items : undefined
    })
    const paid = items.filter(({ status }) => status === 'succeeded')
    return `renewed until ${day(currentPeriodEnd)}; paid ${paid.map(({ amountCents, currency }) => money(amountCents, currency)).join(' and ')}`
  })
  await step('Nour cancels', async () => {
    const { accessUntil } = await api.billing.subscriptions.cancel.mutate({})
    const { subject } = await aMailTo(endpoints.mail, EMAIL, /will end/)
    return `ending; access stays until ${day(accessUntil)}; email "${subject}"`
  })
}

/** A call of the Paymob sandbox's controls. */
function controlOf({ paymob }: Readonly<Endpoints>) {
  return async <T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> => {
    const response = await fetch(`${paymob}/_/${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`The Paymob sandbox answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as T
  }
}

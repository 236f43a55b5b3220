import { strict as assert } from 'node:assert'
import { createTollgateClient, formatMoney, type RouterOutputs, type TollgateClient } from '@tollgate/client'
import type { Endpoints } from './endpoints.ts'
import { payOnPage } from './hosted-page.ts'
import { aMailTo, tokenIn } from './received-mail.ts'

type Subscription = NonNullable<RouterOutputs['billing']['subscriptions']['current']>
type Say = (line: string) => void

const EMAIL = 'ada@example.com'
const PASSWORD = 'correct horse battery staple'

/** Tells, step by step, what a user of the backend goes through, as a frontend would do it; throws where it breaks. */
export async function tellStory(endpoints: Readonly<Endpoints>, say: Say): Promise<void> {
  const client = createTollgateClient({ url: endpoints.api })
  const step = stepper(say)
  await comeIn(client, endpoints, step)
  await subscribe(client, endpoints, step)
  await stayAMonth(client, endpoints, step)
  await upgrade(client, endpoints, step)
  await leave(client, endpoints, step)
  await step('Log out', async () => {
    await client.api.auth.logout.mutate()
    await assert.rejects(client.api.auth.me.query(), { message: 'Please log in.' })
    return 'the access token is refused from now on'
  })
}

type Step = <T>(title: string, act: () => Promise<T>, seen?: (result: T) => string) => Promise<T>

/** Prints a line for every step with what was seen; one that breaks says which it was. */
function stepper(say: Say): Step {
  let number = 0
  return async (title, act, seen = String) => {
    number += 1
    const head = `${String(number).padStart(2)}  ${title.padEnd(22)}`
    const start = performance.now()
    try {
      const result = await act()
      say(`${head}  ${seen(result)}  (${Math.round(performance.now() - start)} ms)`)
      return result
    } catch (error) {
      say(`${head}  DID NOT HOLD`)
      throw error
    }
  }
}

async function comeIn({ api, session }: TollgateClient, { mail }: Readonly<Endpoints>, step: Step): Promise<void> {
  await step(
    'Sign up',
    () => api.auth.register.mutate({ email: EMAIL, username: 'ada', password: PASSWORD }),
    ({ user }) => `user ${user.id}, ${user.email}, not verified yet`,
  )
  const verification = await step(
    'Read the mail',
    () => aMailTo(mail, EMAIL, /verify/),
    ({ subject }) => `«${subject}»`,
  )
  await step('Verify the address', async () => {
    const token = tokenIn(verification)
    assert.deepEqual(await api.auth.verifyEmail.mutate({ token }), { alreadyVerified: false })
    assert.deepEqual(await api.auth.verifyEmail.mutate({ token }), { alreadyVerified: true })
    return 'verified; a second click changes nothing'
  })
  await step(
    'Log in',
    () => api.auth.login.mutate({ email: EMAIL, password: PASSWORD }),
    ({ user, expiresAt }) => `as ${user.username}, access token until ${expiresAt.toISOString()}`,
  )
  await step('Refresh', async () => {
    const before = session.current?.accessToken
    await api.auth.refresh.mutate()
    assert.notEqual(session.current?.accessToken, before)
    return 'a new access token, and a new refresh token in the cookie'
  })
}

async function subscribe({ api }: TollgateClient, { mail }: Readonly<Endpoints>, step: Step): Promise<void> {
  await step(
    'See the plans',
    () => api.billing.plans.list.query(),
    (plans) => plans.map(({ name, priceCents, currency }) => `${name} ${money(priceCents, currency)}`).join(', '),
  )
  const checkout = await step(
    'Choose Pro',
    () => api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' }),
    ({ checkoutUrl }) => `to the payment page ${checkoutUrl}`,
  )
  await step('A card is declined', async () => {
    const { location, page } = await payOnPage(checkout.checkoutUrl, '4000000000000002')
    assert.equal(location, null)
    assert.equal(await api.billing.subscriptions.current.query(), null)
    return /role="alert"[^>]*>\s*([^<]+)/.exec(page)?.[1]?.trim() ?? 'the page says so'
  })
  await step('Pay', async () => {
    const { location } = await payOnPage(checkout.checkoutUrl)
    assert.ok(location?.includes(checkout.sessionId))
    return `back to ${location}`
  })
  await step(
    'Be in',
    () => currentOnce(api, ({ hasAccess }) => hasAccess),
    ({ id, plan, accessReason, accessUntil }) =>
      `subscription ${id}, ${plan.name}, ${accessReason} until ${day(accessUntil)}`,
  )
  await step(
    'See the payment',
    () => paymentsOnce(api, 1),
    ([payment]) =>
      `${money(payment?.amountCents ?? 0, payment?.currency ?? 'usd')} ${payment?.status}, invoice ${payment?.providerInvoiceId}`,
  )
  await step(
    'Read the mail',
    () => aMailTo(mail, EMAIL, /has started/),
    ({ subject }) => `«${subject}»`,
  )
}

async function stayAMonth({ api }: TollgateClient, endpoints: Readonly<Endpoints>, step: Step): Promise<void> {
  await step('A month passes', async () => {
    const before = await currentOnce(api, () => true)
    await advance(endpoints, { days: 32 })
    const renewed = await currentOnce(
      api,
      ({ currentPeriodStart }) => currentPeriodStart.getTime() === before.currentPeriodEnd.getTime(),
    )
    assert.equal(renewed.hasAccess, true)
    const payments = await paymentsOnce(api, 2)
    return `renewed until ${day(renewed.currentPeriodEnd)}, ${payments.length} payments`
  })
}

async function upgrade({ api }: TollgateClient, endpoints: Readonly<Endpoints>, step: Step): Promise<void> {
  await step('Half a period passes', async () => {
    await advance(endpoints, { days: 14 })
    return 'in the middle of the second month'
  })
  const preview = await step(
    'What would VIP cost?',
    () => api.billing.subscriptions.previewChange.query({ planCode: 'vip' }),
    ({ dueNowCents, currency, nextPaymentCents, nextPaymentAt }) =>
      `${money(dueNowCents, currency)} now, ${money(nextPaymentCents, currency)} on ${day(nextPaymentAt)}`,
  )
  await step('Upgrade', async () => {
    const { prorationDate } = preview
    await api.billing.subscriptions.change.mutate({ planCode: 'vip', prorationDate })
    const changed = await currentOnce(api, ({ plan }) => plan.code === 'vip')
    const [charge] = await paymentsOnce(api, 3)
    assert.equal(charge?.amountCents, preview.dueNowCents)
    return `${changed.plan.name}; charged ${money(preview.dueNowCents, preview.currency)}, as the preview said`
  })
  await step(
    'Read the mail',
    () => aMailTo(endpoints.mail, EMAIL, /You are on VIP/),
    ({ subject }) => `«${subject}»`,
  )
}

async function leave({ api }: TollgateClient, endpoints: Readonly<Endpoints>, step: Step): Promise<void> {
  await step(
    'Cancel',
    () => api.billing.subscriptions.cancel.mutate(),
    ({ accessReason, accessUntil, hasAccess }) => {
      assert.equal(hasAccess, true)
      return `${accessReason}; access stays until ${day(accessUntil)}`
    },
  )
  await step('The period ends', async () => {
    await advance(endpoints, { days: 32 })
    await eventually('the subscription did not end', async () =>
      (await api.billing.subscriptions.current.query()) === null ? true : undefined,
    )
    return 'no subscription any more, and no further payment'
  })
  await step(
    'Read the mail',
    () => aMailTo(endpoints.mail, EMAIL, /has ended/),
    ({ subject }) => `«${subject}»`,
  )
}

async function advance({ stripe }: Readonly<Endpoints>, by: { days: number }): Promise<void> {
  const response = await fetch(`${stripe}/_/clock/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(by),
  })
  assert.equal(response.status, 200, await response.text())
}

type Api = TollgateClient['api']

/** Waits until the subscription is as it should be: an event is on its way for a moment. */
async function currentOnce(api: Api, isSo: (subscription: Subscription) => boolean): Promise<Subscription> {
  return eventually('the subscription did not become what it should be', async () => {
    const current = await api.billing.subscriptions.current.query()
    return current && isSo(current) ? current : undefined
  })
}

async function paymentsOnce(api: Api, count: number) {
  return eventually(`there were not ${count} payments`, async () => {
    const { items } = await api.billing.payments.list.query({})
    return items.length === count ? items : undefined
  })
}

async function eventually<T>(complaint: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > deadline) throw new Error(`After 15 s ${complaint}.`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const day = (moment: Date | null) => moment?.toISOString().slice(0, 10) ?? 'never'

const money = (amountCents: number, currency: string) => formatMoney(amountCents, currency, 'en-US')

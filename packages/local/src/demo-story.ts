import { strict as assert } from 'node:assert'
import { createTollgateClient, type TollgateClient } from '@tollgate/client'
import { paymobSteps } from './demo-paymob.ts'
import {
  advance,
  currentOnce,
  day,
  EMAIL,
  eventually,
  money,
  paymentsOnce,
  stepper,
  type Say,
  type Step,
} from './demo-steps.ts'
import { supportSteps } from './demo-support.ts'
import { teamSteps } from './demo-team.ts'
import { useAgain, useUp } from './demo-usage.ts'
import type { Endpoints } from './endpoints.ts'
import { payOnPage } from './hosted-page.ts'
import { aMailTo, tokenIn } from './received-mail.ts'

const PASSWORD = 'correct horse battery staple'

/**
 * Goes through a customer's life step by step, as a frontend would.
 *
 * @throws {Error} when a step does not have the expected result.
 */
export async function tellStory(endpoints: Readonly<Endpoints>, say: Say): Promise<void> {
  const client = createTollgateClient({ url: endpoints.api, cookies: 'memory' })
  const step = stepper(say)
  await comeIn(client, endpoints, step)
  await subscribe(client, endpoints, step)
  const admin = createTollgateClient({ url: endpoints.api, cookies: 'memory' })
  await admin.api.auth.login.mutate(endpoints.admin) // once: log-ins are limited
  const count = await useUp(client, admin, endpoints, step)
  await stayAMonth(client, endpoints, step)
  await useAgain(count, step)
  await upgrade(client, endpoints, step)
  await supportSteps(client, endpoints, step)
  await leave(client, endpoints, step)
  await teamSteps(client, admin, endpoints, step)
  await paymobSteps(endpoints, step)
  await step('Log out', async () => {
    await client.api.auth.logout.mutate()
    await assert.rejects(client.api.auth.me.query(), { message: 'Please log in.' })
    return 'the access token no longer works'
  })
}

async function comeIn({ api, session }: TollgateClient, { mail }: Readonly<Endpoints>, step: Step): Promise<void> {
  await step(
    'Sign up',
    () => api.auth.register.mutate({ email: EMAIL, username: 'ada', password: PASSWORD }),
    ({ user }) => `user ${user.id}, ${user.email}, not verified yet`,
  )
  const verification = await step(
    'Read the email',
    () => aMailTo(mail, EMAIL, /verify/),
    ({ subject }) => `"${subject}"`,
  )
  await step('Verify the address', async () => {
    const token = tokenIn(verification)
    assert.deepEqual(await api.auth.verifyEmail.mutate({ token }), { alreadyVerified: false })
    assert.deepEqual(await api.auth.verifyEmail.mutate({ token }), { alreadyVerified: true })
    return 'verified; a second click on the link changes nothing'
  })
  await step(
    'Log in',
    () => api.auth.login.mutate({ email: EMAIL, password: PASSWORD }),
    ({ user, expiresAt }) => `as ${user.username}; the access token is valid until ${expiresAt.toISOString()}`,
  )
  await step('Refresh the session', async () => {
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
    (plans) =>
      plans.map((plan) => `${plan.name} ${money(plan.priceCents, plan.currency)} ${plan.billingPeriod}`).join(', '),
  )
  const checkout = await step(
    'Choose Pro',
    () => api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' }),
    ({ checkoutUrl }) => `checkout page: ${checkoutUrl}`,
  )
  await step('Try a bad card', async () => {
    const { location, page } = await payOnPage(checkout.checkoutUrl, '4000000000000002')
    assert.equal(location, null)
    assert.equal(await api.billing.subscriptions.current.query(), null)
    return /role="alert"[^>]*>\s*([^<]+)/.exec(page)?.[1]?.trim() ?? 'declined'
  })
  await step('Pay', async () => {
    const { location } = await payOnPage(checkout.checkoutUrl)
    assert.ok(location?.includes(checkout.sessionId))
    return `redirected to ${location}`
  })
  await step(
    'Get access',
    () => currentOnce(api, ({ hasAccess }) => hasAccess),
    ({ id, plan, accessReason, accessUntil }) =>
      `subscription ${id}: ${plan.name}, ${accessReason} until ${day(accessUntil)}`,
  )
  await step(
    'See the payment',
    () => paymentsOnce(api, 1),
    ([payment]) =>
      `${money(payment?.amountCents ?? 0, payment?.currency ?? 'usd')} ${payment?.status}, invoice ${payment?.providerInvoiceId}`,
  )
  await step(
    'Read the email',
    () => aMailTo(mail, EMAIL, /has started/),
    ({ subject }) => `"${subject}"`,
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
  await step('Two weeks pass', async () => {
    await advance(endpoints, { days: 14 })
    return 'the second month is half over'
  })
  const preview = await step(
    'Preview VIP',
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
    return `${changed.plan.name}; charged ${money(preview.dueNowCents, preview.currency)}, as previewed`
  })
  await step(
    'Read the email',
    () => aMailTo(endpoints.mail, EMAIL, /You're now on VIP/),
    ({ subject }) => `"${subject}"`,
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
    await eventually('the subscription still has not ended', async () =>
      (await api.billing.subscriptions.current.query()) === null ? true : undefined,
    )
    return 'no subscription, and no more payments'
  })
  await step(
    'Read the email',
    () => aMailTo(endpoints.mail, EMAIL, /has ended/),
    ({ subject }) => `"${subject}"`,
  )
}

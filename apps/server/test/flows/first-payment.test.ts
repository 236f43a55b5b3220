import { expect, test } from 'vitest'
import { aMailTo, tokenIn, until } from '../inbox.ts'
import { payOnPage } from '../pay.ts'
import { createTestApp } from '../test-app.ts'

test('a person signs up, verifies the address, pays on the hosted page, and is in', async () => {
  await using app = await createTestApp()
  const { api } = app.client()
  const account = { email: 'first.payer@example.com', password: 'correct horse battery' }
  await api.auth.register.mutate({ ...account, username: 'first.payer' })
  await api.auth.verifyEmail.mutate({ token: tokenIn(await aMailTo(account.email, /verify/)) })
  await api.auth.login.mutate(account)

  const plans = await api.billing.plans.list.query()
  expect(plans.map(({ code }) => code)).toEqual(['free', 'pro', 'pro-yearly', 'vip', 'vip-yearly'])
  const { checkoutUrl, sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
  expect(await api.billing.subscriptions.current.query()).toBeNull()
  expect(await api.billing.paymentMethod.query({})).toBeNull()
  const { location } = await payOnPage(checkoutUrl)
  expect(location).toBe(`http://console.test/checkout/success?session_id=${sessionId}`)

  const subscription = await until('access', async () => {
    const current = await api.billing.subscriptions.current.query()
    return current?.hasAccess && current
  })
  expect(subscription).toMatchObject({
    status: 'active',
    provider: 'stripe',
    plan: { code: 'pro' },
    priceCents: 1_900,
    currency: 'usd',
    accessReason: 'active',
    accessUntil: subscription.currentPeriodEnd,
  })
  const { items } = await until('the payment', async () => {
    const page = await api.billing.payments.list.query({})
    return page.items.length > 0 && page
  })
  const paid = { subscriptionId: subscription.id, amountCents: 1_900, status: 'succeeded' }
  expect(items).toMatchObject([
    { ...paid, planName: 'Pro', invoiceNumber: expect.stringMatching(/^[0-9A-Z]{8}-0001$/) },
  ])
  const pdf = await fetch(items[0]?.invoicePdfUrl ?? '')
  expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  expect(await api.billing.paymentMethod.query({})).toEqual({
    ...{ type: 'card', brand: 'visa', last4: '4242' },
    ...{ expMonth: expect.any(Number), expYear: expect.any(Number) },
  })
  const mail = await aMailTo(account.email, /subscription has started/)
  expect(mail.text).toContain('$19.00')
  await expect(api.billing.subscriptions.subscribe.mutate({ planCode: 'vip' })).rejects.toMatchObject({
    data: { code: 'CONFLICT', reason: 'ALREADY_SUBSCRIBED' },
  })
})

import { expect, test } from 'vitest'
import { payOnPage } from './pay.ts'
import { createTestApp } from './test-app.ts'
import { eventsDone, aPayingUser } from './billing.ts'
import { applyStripeEvent } from '../src/billing/index.ts'
import { startLossyProxy } from './lossy-proxy.ts'

test('latency', async () => {
  await using app = await createTestApp()
  const times: number[] = []
  const fromDelivery: number[] = []
  for (let i = 0; i < 60; i++) {
    const user = await app.aUser()
    const { api } = await app.as(user)
    const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    await payOnPage(checkoutUrl)
    const t = performance.now()
    while (!(await api.billing.subscriptions.current.query())?.hasAccess) await new Promise((r) => setTimeout(r, 5))
    times.push(performance.now() - t)
    await eventsDone(app)
    const [row] = await app.scope().em.execute<{ ms: number }[]>(
      `select extract(epoch from (min(processed_at) - min(received_at))) * 1000 as ms from provider_events where payload::text like ? and status='processed'`, [`%${user.id}%`])
    if (row) fromDelivery.push(Number(row.ms))
  }
  const q = (a: number[], p: number) => a.toSorted((x, y) => x - y)[Math.min(a.length - 1, Math.floor(a.length * p))]?.toFixed(0)
  console.log('paid -> hasAccess ms p50', q(times, 0.5), 'p99', q(times, 0.99))
  console.log('first received -> first processed ms p50', q(fromDelivery, 0.5), 'p99', q(fromDelivery, 0.99))
  const user = await aPayingUser(app, 'pro')
  for (const type of ['invoice.paid', 'customer.subscription.updated', 'checkout.session.completed', 'customer.subscription.created']) {
    const [event] = await app.scope().em.execute<{ id: string }[]>(
      "update provider_events set status = 'received' where type = ? and payload::text like ? returning id", [type, `%${user.stripeCustomerId}%`])
    if (!event) continue
    const scope = app.scope()
    const statements: string[] = []
    const logger = scope.em.config.getLogger()
    logger.setDebugMode(['query'])
    const old = logger.logQuery
    logger.logQuery = (({ query }: { query: string }) => statements.push(query)) as never
    const t = performance.now()
    await applyStripeEvent(scope, { eventId: event.id })
    const ms = performance.now() - t
    logger.logQuery = old
    logger.setDebugMode(false)
    console.log(type, statements.length, ms.toFixed(0), '\n' + statements.map((s) => s.slice(0, 110)).join('\n'))
  }
  expect(1).toBe(1)
}, 120000)

import { expect, test } from 'vitest'
import { aPaymobPlan, payAtPaymob, paymobOf } from '../../../test/paymob-purchases.ts'
import { createTestApp } from '../../../test/test-app.ts'
import { MINUTE } from '../../platform/durations.ts'

test('a page that another process has opened meanwhile is handed out, and not the own one', async () => {
  await using app = await createTestApp({}, { paymob: true, worker: false })
  await aPaymobPlan(app, 'pro-egp', 90_000)
  const { subscribe } = (await app.as(await app.aUser())).api.billing.subscriptions
  const first = await subscribe.mutate({ planCode: 'pro-egp' })
  const { em } = app.scope()
  const store = async (sessionId: string | null, url: string | null) =>
    em.execute("update checkouts set provider_session_id = ?, url = ? where status = 'open'", [sessionId, url])

  // The process remembers its pages for 50 minutes, and they are open for 60.
  app.clock.advance(55 * MINUTE)
  await store(null, null)
  const original = globalThis.fetch
  let opened = 0
  globalThis.fetch = async (input, init) => {
    const response = await original(input, init)
    if (init?.method === 'POST' && input === `${paymobOf(app).url}/v1/intention/`) {
      opened += 1
      await store(first.sessionId, first.checkoutUrl)
    }
    return response
  }
  try {
    expect(await subscribe.mutate({ planCode: 'pro-egp' })).toEqual(first)
  } finally {
    globalThis.fetch = original
  }
  expect(opened).toBe(1)
  expect(await payAtPaymob(app, first.sessionId)).toContain('success=true')
})

import { expect, test } from 'vitest'
import { until } from '../../test/inbox.ts'
import { aPayingUser } from '../../test/purchases.ts'
import { createTestApp } from '../../test/test-app.ts'
import { replay } from './replay-event.ts'

test("applies an event again, by its row's id or by Stripe's", async () => {
  await using app = await createTestApp()
  await aPayingUser(app, 'pro')
  const { em } = app.scope()
  const [event] = await em.execute<{ id: string; provider_event_id: string }[]>(
    "select id, provider_event_id from provider_events where type = 'invoice.paid'",
  )
  const { id = '', provider_event_id: stripeId = '' } = event ?? {}
  const attempts = async () => {
    const [row] = await em.execute<{ attempts: number; status: string }[]>(
      'select attempts, status from provider_events where id = ?',
      [id],
    )
    return row?.status === 'processed' ? row.attempts : 0
  }

  const { config, log } = app.deps
  expect(await replay(config, log, [id])).toBe(0)
  await until('the event to be applied again', async () => (await attempts()) === 2)
  expect(await replay(config, log, [stripeId])).toBe(0)
  await until('the event to be applied again', async () => (await attempts()) === 3)
  expect(await em.execute('select action, actor_id from audit_entries where target_id = ?', [id])).toEqual([
    { action: 'webhook_event.replay', actor_id: null },
    { action: 'webhook_event.replay', actor_id: null },
  ])
  expect(await replay(config, log, ['evt_nobody'])).toBe(1)
})

import { describe, expect, test } from 'vitest'
import { aPayingUser, stripeClient } from '../../test/billing.ts'
import { aMailTo, mailsTo } from '../../test/inbox.ts'
import { createTestApp } from '../../test/test-app.ts'
import { after } from '../platform/clock.ts'
import { DAY, HOUR } from '../platform/durations.ts'
import { expireSubscriptions } from './expire-subscriptions.ts'

describe('the sweep', () => {
  test('ends what was ending once its time and the leeway are over, tells its owner once, and leaves the rest', async () => {
    await using app = await createTestApp()
    const [leaver, stayer] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'vip')]
    const stripe = stripeClient(app)
    const [subscription] = (await stripe.subscriptions.list({ customer: leaver.stripeCustomerId })).data
    await stripe.subscriptions.update(subscription?.id ?? '', { cancel_at_period_end: true })
    const { api } = await app.as(leaver)
    await expect
      .poll(async () => (await api.billing.subscriptions.current.query())?.accessReason, { timeout: 5_000 })
      .toBe('ending')

    const end = (await api.billing.subscriptions.current.query())?.currentPeriodEnd ?? new Date()
    const sweepAt = (now: Date) => {
      const scope = app.scope()
      return expireSubscriptions({ ...scope, billing: { ...scope.billing, time: { now: async () => now } } })
    }
    expect(await sweepAt(after(end, HOUR))).toEqual({ ended: 0 })
    expect(await sweepAt(after(end, 3 * HOUR))).toEqual({ ended: 1 })
    expect(await sweepAt(after(end, 40 * DAY))).toEqual({ ended: 0 })

    expect(await api.billing.subscriptions.current.query()).toBeNull()
    const mail = await aMailTo(leaver.email, /has ended/)
    expect(mail.text).toContain('Pro subscription ended on')
    expect((await (await app.as(stayer)).api.billing.subscriptions.current.query())?.status).toBe('active')
    expect((await mailsTo(leaver.email)).filter(({ subject }) => /has ended/.test(subject))).toHaveLength(1)
  })
})

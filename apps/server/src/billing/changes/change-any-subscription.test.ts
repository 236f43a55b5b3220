import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf, UNKNOWN_ID } from '../../../test/admin.ts'
import { advance, eventsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { reasonOf, refusal } from '../../../test/rejection.ts'
import { calm, failCharges, failNext, ledgerOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe("an admin who changes a customer's plan", () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const currentOf = async (user: PayingUser) => {
    const current = await (await app.as(user)).api.billing.subscriptions.current.query()
    if (!current) throw new Error('There is no subscription.')
    return current
  }

  test('now charges what the preview said, also for what a customer could only have later', async () => {
    const user = await aPayingUser(app, 'pro')
    const { id } = await currentOf(user)
    await advance(app, { days: 10 })
    const up = { id, planCode: 'vip', at: 'now' } as const
    const preview = await api.admin.subscriptions.previewChange.query(up)
    const { prorationDate } = preview
    expect(await api.admin.subscriptions.change.mutate({ ...up, prorationDate })).toMatchObject({
      plan: { code: 'vip' },
    })
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_900 + preview.dueNowCents)
    expect(await auditOf(app, id)).toContainEqual(
      expect.objectContaining({
        ...{ action: 'subscription.change', actor_id: expect.any(String) },
        after: { planCode: 'vip', billingPeriod: 'monthly', priceCents: 4_900, timing: 'at_once' },
      }),
    )

    // A lower plan now gives credit. The customer's own change would wait for the end of the period.
    const down = { id, planCode: 'pro', at: 'now' } as const
    const credit = await api.admin.subscriptions.previewChange.query(down)
    expect(credit.creditCents).toBeGreaterThan(1_000)
    await api.admin.subscriptions.change.mutate({ ...down, prorationDate: credit.prorationDate })
    await eventsDone(app)
    expect(await currentOf(user)).toMatchObject({ plan: { code: 'pro' }, scheduledChange: null })
    expect((await ledgerOf(app, user.stripeCustomerId)).credit).toBe(credit.creditCents)
  })

  test('at the end of the period charges nothing now, and takes a scheduled change back', async () => {
    const user = await aPayingUser(app, 'pro')
    const { id, currentPeriodEnd } = await currentOf(user)
    const later = { id, planCode: 'vip', at: 'period_end' } as const
    const shown = await api.admin.subscriptions.previewChange.query(later)
    expect(shown).toMatchObject({
      ...{ dueNowCents: 0, creditCents: 0, nextPaymentCents: 4_900, takesEffectAt: currentPeriodEnd },
    })
    expect(await api.admin.subscriptions.change.mutate({ ...later, prorationDate: shown.prorationDate })).toMatchObject(
      {
        ...{ plan: { code: 'pro' }, scheduledChange: { plan: { code: 'vip' }, at: currentPeriodEnd } },
      },
    )
    const back = { id, planCode: 'pro', at: 'now' } as const
    const { dueNowCents, prorationDate } = await api.admin.subscriptions.previewChange.query(back)
    expect(dueNowCents).toBe(0)
    expect(await api.admin.subscriptions.change.mutate({ ...back, prorationDate })).toMatchObject({
      scheduledChange: null,
    })
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_900)
  })

  test('never charges another amount than was shown, nor changes what a declined card does not pay', async () => {
    const user = await aPayingUser(app, 'pro')
    const { id } = await currentOf(user)
    const later = await api.admin.subscriptions.previewChange.query({ id, planCode: 'vip', at: 'period_end' })
    const now = { id, planCode: 'vip', at: 'now' } as const
    // The preview of another moment showed nothing to pay.
    await expect(
      api.admin.subscriptions.change.mutate({ ...now, prorationDate: later.prorationDate }),
    ).rejects.toMatchObject(refusal('CONFLICT', 'PREVIEW_STALE'))
    await failCharges(app, user.stripeCustomerId, true)
    const { prorationDate } = await api.admin.subscriptions.previewChange.query(now)
    expect(await reasonOf(api.admin.subscriptions.change.mutate({ ...now, prorationDate }))).toBe('PAYMENT_FAILED')
    expect(await currentOf(user)).toMatchObject({ plan: { code: 'pro' }, status: 'active' })
    expect((await auditOf(app, id)).map(({ action }) => action)).not.toContain('subscription.change')
  })

  test('is refused for what has ended, for a grant, and for what does not exist', async () => {
    const user = await aPayingUser(app, 'pro')
    const { id } = await currentOf(user)
    await api.admin.subscriptions.cancel.mutate({ id, at: 'now' })
    const change = (of: object) =>
      reasonOf(
        api.admin.subscriptions.change.mutate({ id, planCode: 'vip', at: 'now', prorationDate: new Date(), ...of }),
      )
    expect(await change({})).toBe('NO_SUBSCRIPTION')
    expect(await change({ id: UNKNOWN_ID })).toBe('SUBSCRIPTION_NOT_FOUND')
    expect(await reasonOf(api.admin.subscriptions.previewChange.query({ id, planCode: 'vip', at: 'now' }))).toBe(
      'NO_SUBSCRIPTION',
    )
    const until = new Date(app.stripe.now().getTime() + 86_400_000)
    const granted = await api.admin.subscriptions.grant.mutate({ userId: user.id, planCode: 'pro', until })
    expect(await change({ id: granted.id })).toBe('PROVIDER_UNSUPPORTED')
    expect(await change({ id: granted.id, planCode: 'no-such-plan' })).toBe('PLAN_NOT_FOUND')
  })

  test('drops a scheduled change, also one that only Stripe knows of, and a repeat changes nothing', async () => {
    const user = await aPayingUser(app, 'vip')
    const { id } = await currentOf(user)
    const drop = (of = id) => api.admin.subscriptions.cancelChange.mutate({ id: of })
    expect((await drop()).scheduledChange).toBeNull()
    expect(await auditOf(app, id)).toEqual([])

    await (await app.as(user)).api.billing.subscriptions.change.mutate({ planCode: 'pro' })
    await app.scope().em.execute('update subscriptions set scheduled_plan_id = null where id = ?', [id])
    await failNext(app)
    expect(await reasonOf(drop())).toBe('PAYMENT_PROVIDER_ERROR')
    await calm(app)
    expect(await drop()).toMatchObject({ scheduledChange: null, plan: { code: 'vip' } })
    await drop()
    expect(await auditOf(app, id)).toMatchObject([
      { action: 'subscription.cancel_change', before: { planCode: 'pro', at: expect.any(String) } },
    ])
    await advance(app, { days: 32 })
    expect(await currentOf(user)).toMatchObject({ plan: { code: 'vip' } })
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(2 * 4_900)

    expect(await reasonOf(drop(UNKNOWN_ID))).toBe('SUBSCRIPTION_NOT_FOUND')
    await api.admin.subscriptions.cancel.mutate({ id, at: 'now' })
    expect(await reasonOf(drop())).toBe('NO_SUBSCRIPTION')
    expect(await reasonOf((await app.as(user)).api.admin.subscriptions.cancelChange.mutate({ id }))).toBe('ADMIN_ONLY')
  })
})

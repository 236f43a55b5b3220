import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { longTest } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone } from '../../../test/progress.ts'
import { stripeCustomerOf } from '../../../test/purchases.ts'
import { fieldErrorsOf, refusal } from '../../../test/rejection.ts'
import { runVerb } from '../../../test/server-process.ts'
import { failCharges, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { DAY } from '../../platform/durations.ts'
import { removeOld } from '../../platform/retention/remove-old.ts'
import { retentionRules } from '../../retention-rules.ts'
import { explanationText } from '../../verbs/explain-text.ts'

/** What `billing.entitlement` said at a moment of billing time. */
interface Answer {
  what: string
  at: Date
  entitlement: { tier: string; planCode: string | null; until: Date | null }
}

describe('the explanation of a messy month', () => {
  let app: TestApp
  let user: TestUser
  let admin: TollgateClient['api']['admin']
  const answers: Answer[] = []
  beforeAll(async () => {
    app = await createTestApp()
    admin = (await anAdmin(app)).api.admin
    await live()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const explain = (at?: Date, grace?: string) => admin.explain.query({ accountId: user.id, at, grace })
  const momentOf = (what: string) => {
    const answer = answers.find((one) => one.what === what)
    if (!answer) throw new Error(`Nothing was asked when ${what}.`)
    return answer.at
  }

  /** A trial, a renewal that fails, grace, recovery, an upgrade, a refund, a cancellation, and the end. */
  async function live() {
    await aPlan(app, { code: 'month', trialDays: 7 })
    await aPlan(app, { code: 'more', priceCents: 5_000, tier: 'vip' })
    user = await app.aUser()
    const { api } = await app.as(user)
    const ask = async (what: string) => {
      await eventsDone(app)
      // The sandbox's clock counts whole seconds.
      await advance(app, { seconds: 2 })
      const billingNow = await app.deps.billing.time.now()
      answers.push({ what, at: billingNow, entitlement: await api.billing.entitlement.query() })
      await advance(app, { seconds: 2 })
    }
    await ask('they have nothing')
    const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'month' })
    await payOnPage(checkoutUrl)
    await ask('the trial began')
    await advance(app, { days: 3 })
    await ask('the trial runs')
    const customer = await stripeCustomerOf(app, user)
    await failCharges(app, customer, true)
    await advance(app, { days: 4, hours: 2 })
    await ask('the renewal failed')
    await advance(app, { days: 2 })
    await ask('the grace runs')
    await advance(app, { days: 2 })
    await ask('the grace is over')
    await failCharges(app, customer, false)
    const { invoices } = stripeClient(app)
    await invoices.pay((await invoices.list({ customer, status: 'open' })).data[0]?.id ?? '')
    await ask('they have paid')
    await advance(app, { hours: 5 })
    const { prorationDate } = await api.billing.subscriptions.previewChange.query({ planCode: 'more' })
    await api.billing.subscriptions.change.mutate({ planCode: 'more', prorationDate })
    await ask('they have upgraded')
    const [payment] = (await admin.payments.list.query({ accountId: user.id })).items
    await admin.payments.refund.mutate({ id: payment?.id ?? '' })
    await ask('it was refunded')
    await api.billing.subscriptions.cancel.mutate()
    await ask('they have canceled')
    await advance(app, { days: 12 })
    await ask('the last period runs')
    await advance(app, { days: 30 })
    await ask('it has ended')
  }

  test('says at each moment what the entitlement was then', async () => {
    expect(answers).toHaveLength(12)
    for (const { what, at, entitlement } of answers) {
      const { tier, planCode, until } = await explain(at)
      expect({ what, tier, planCode, until }).toEqual({ what, ...entitlement })
    }
    expect(answers.map(({ entitlement }) => entitlement.tier)).toEqual([
      ...['free', 'pro', 'pro', 'pro', 'pro', 'free', 'pro', 'vip', 'vip', 'vip', 'vip', 'free'],
    ])
  })

  test('says why, since when, and what changed it next', async () => {
    const inGrace = await explain(momentOf('the grace runs'), '7d')
    expect(inGrace).toMatchObject({
      ...{ hasAccess: true, reason: 'past_due_grace', next: { by: 'time', access: { reason: 'past_due' } } },
      since: { isOpenBefore: false, cause: { kind: 'event', what: expect.stringMatching(/^(invoice|customer)\./) } },
      subscription: { status: 'past_due', planName: 'month', isPeriodOver: false },
    })
    expect(inGrace.next?.at).toEqual(inGrace.until)

    const late = await explain(momentOf('the grace is over'), '7d')
    expect(late).toMatchObject({
      ...{ hasAccess: false, reason: 'past_due', whatIf: { hasAccess: true, reason: 'past_due_grace' } },
      next: { by: 'change', access: { hasAccess: true, reason: 'active' }, cause: { kind: 'event' } },
    })
    const call = { kind: 'call', what: 'billing.subscriptions.change', by: user.email }
    expect(await explain(momentOf('they have upgraded'))).toMatchObject({ since: { cause: call } })
    expect(await explain(momentOf('they have paid'))).toMatchObject({ next: { by: 'change', cause: call } })
    expect(await explain()).toMatchObject({ reason: 'ended', next: null, historyFrom: expect.any(Date) })
    expect(explanationText(user.email, late, '7d').join('\n')).toMatch(
      /Access: no \(past_due\)\n {2}Subscription: month \(stripe\), past_due; .*grace until .*\n {2}Since .*: event .*\n {2}Next: .*: yes \(active\).*\n {2}With a grace of 7d: yes/,
    )
  })

  test('says that it is not known what was before the history, and when that begins', async () => {
    const other = await app.aUser()
    await admin.subscriptions.grant.mutate({ userId: other.id, planCode: 'month', until: new Date('2040-01-01') })
    const { em } = app.scope()
    // As a subscription of before the history: nothing is recorded, and its row changed an hour ago.
    await em.transactional(async (em) => {
      await em.execute("select set_config('tollgate.retention', 'on', true)")
      await em.execute('delete from subscription_states where account_id = ?', [other.id])
      await em.execute(
        `update subscriptions set started_at = now() - interval '9 days', updated_at = now() - interval '1 hour' where account_id = ?`,
        [other.id],
      )
    })
    for (const at of [new Date(-8.64e15), new Date(8.64e15)])
      expect(await fieldErrorsOf(admin.explain.query({ accountId: other.id, at }))).toHaveProperty('at')
    const ago = (ms: number) => admin.explain.query({ accountId: other.id, at: new Date(Date.now() - ms) })
    expect(await ago(DAY)).toMatchObject({ reason: 'unknown', hasAccess: false, historyFrom: expect.any(Date) })
    expect(await ago(1_000)).toMatchObject({ reason: 'active', hasAccess: true, since: { isOpenBefore: true } })
    // The first change records what it replaces.
    await em.execute(`update subscriptions set status = 'unpaid' where account_id = ?`, [other.id])
    expect(await ago(60_000)).toMatchObject({ reason: 'active', next: { by: 'change', access: { reason: 'unpaid' } } })
    expect(await ago(DAY)).toMatchObject({ reason: 'unknown' })
  })

  test('is printed by the verb, too', async () => {
    const at = momentOf('the grace is over').toISOString()
    const { code, output } = await runVerb(app, `explain ${user.email} --at ${at} --grace 7d`)
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/Access: no \(past_due\)[^]*With a grace of 7d: yes \(past_due_grace\)/),
    ])
  })

  longTest('is refused by the verb with what it cannot read', async () => {
    const bad = await runVerb(app, `explain ${user.email} --at soon`)
    expect([bad.code, bad.output]).toEqual([1, expect.stringContaining('--at soon')])
    expect((await runVerb(app, 'explain nobody@example.com')).code).toBe(1)
  })

  test('is for operators, and refuses what it cannot read', async () => {
    const { api } = await app.as(user)
    await expect(api.admin.explain.query({ accountId: user.id })).rejects.toMatchObject(
      refusal('FORBIDDEN', 'ADMIN_ONLY'),
    )
    const nobody = '0199aa00-0000-7000-8000-000000000001'
    await expect(admin.explain.query({ accountId: nobody })).rejects.toMatchObject(
      refusal('NOT_FOUND', 'ACCOUNT_NOT_FOUND'),
    )
    await expect(explain(undefined, '7 days')).rejects.toMatchObject({
      data: { reason: 'INVALID_INPUT', fieldErrors: { grace: expect.any(String) } },
    })
  })

  test('can not be changed, and goes when it is old, except for what holds from then on', async () => {
    const { em } = app.scope()
    const count = async () =>
      (
        await em.execute<{ count: number }[]>(
          'select count(*)::int as count from subscription_states where account_id = ?',
          [user.id],
        )
      )[0]?.count
    await expect(em.execute("update subscription_states set status = 'active'")).rejects.toThrow(/can not be changed/)
    await expect(em.execute('delete from subscription_states')).rejects.toThrow(/can not be changed/)
    expect(await count()).toBeGreaterThan(5)
    await removeOld(app.scope(), retentionRules(app.deps.config, new Date(Date.now() + 800 * DAY)))
    expect(await count()).toBe(1)
  })
})

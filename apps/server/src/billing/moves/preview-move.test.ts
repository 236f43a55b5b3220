import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf, UNKNOWN_ID } from '../../../test/admin.ts'
import { aMailTo, until } from '../../../test/inbox.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { reasonOf, refusal } from '../../../test/rejection.ts'
import { calm, failCharges, failNext, ledgerOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { moveSubscribers } from './move-subscribers.ts'

const PATIENCE = 60_000

describe("a move of a plan's subscribers", () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  const currentOf = async (user: PayingUser) => (await app.as(user)).api.billing.subscriptions.current.query()
  const ended = async (moveId: string) => {
    await until('the move to end', async () => (await moveOf(moveId))?.finishedAt ?? undefined, PATIENCE)
    await eventsDone(app)
    return moveOf(moveId)
  }
  const moveOf = async (moveId: string) => (await api.admin.plans.moves.query({})).items.find(({ id }) => id === moveId)
  const reasonsOf = async (moveId: string) =>
    (await api.admin.plans.moveItems.query({ moveId, status: 'refused' })).items.map(({ user, reason }) => [
      user.email,
      reason,
    ])

  test('now costs what the preview says, and leaves who can not be moved, with the reason', async () => {
    const from = await aPlan(app, { code: 'old-now', priceCents: 1_900 })
    await aPlan(app, { code: 'new-now', priceCents: 4_900, tier: 'vip' })
    const payers = [await aPayingUser(app, 'old-now'), await aPayingUser(app, 'old-now')]
    const canceling = await aPayingUser(app, 'old-now')
    const granted = await app.aUser()
    await aGrant(app, granted, 'old-now')
    await advance(app, { days: 10 })
    await (await app.as(canceling)).api.billing.subscriptions.cancel.mutate({})

    const terms = { planId: from.id, toPlanCode: 'new-now', at: 'now' } as const
    const preview = await api.admin.plans.previewMove.query(terms)
    expect(preview).toMatchObject({
      ...{ subscribers: 4, movable: 2, isEstimate: true, hasMoreKinds: false },
      refusals: [
        { reason: 'ALREADY_CANCELING', count: 1 },
        { reason: 'PROVIDER_UNSUPPORTED', count: 1 },
      ],
      kinds: [{ status: 'active', unitPriceCents: 1_900, count: 2, beforeCents: 3_800, afterCents: 9_800 }],
      totals: [{ currency: 'usd', creditCents: 0, mrrBeforeCents: 3_800, mrrAfterCents: 9_800 }],
    })

    const { id } = await api.admin.plans.move.mutate({ ...terms, priceRef: preview.priceRef })
    expect(await ended(id)).toMatchObject({
      ...{ state: 'done', waiting: 0, done: 2, refused: 2, from: { code: 'old-now' }, to: { code: 'new-now' } },
    })
    const charged = await Promise.all(
      payers.map(async ({ stripeCustomerId }) => (await ledgerOf(app, stripeCustomerId)).charged - 1_900),
    )
    // Seconds pass between the preview and the move.
    const due = preview.totals[0]?.dueNowCents ?? 0
    expect(due).toBeGreaterThan(2 * 1_000)
    expect(Math.abs(charged.reduce((sum, cents) => sum + cents, 0) - due)).toBeLessThanOrEqual(2)
    for (const payer of payers) expect(await currentOf(payer)).toMatchObject({ plan: { code: 'new-now' } })
    expect(await currentOf(canceling)).toMatchObject({ plan: { code: 'old-now' }, cancelAtPeriodEnd: true })
    expect((await reasonsOf(id)).toSorted()).toEqual(
      [
        [canceling.email, 'ALREADY_CANCELING'],
        [granted.email, 'PROVIDER_UNSUPPORTED'],
      ].toSorted(),
    )
    expect(await auditOf(app, from.id)).toMatchObject([{ action: 'plan.move', after: { toPlanCode: 'new-now' } }])
    const [row] = (await api.admin.plans.moveItems.query({ moveId: id, status: 'done' })).items
    expect(await auditOf(app, row?.subscriptionId ?? '')).toContainEqual(
      expect.objectContaining({
        action: 'subscription.change',
        after: expect.objectContaining({ planCode: 'new-now' }),
      }),
    )
  })

  test.each([
    { name: 'a yearly plan', from: { priceCents: 3_000 }, to: { priceCents: 30_000, billingPeriod: 'yearly' } },
    { name: 'a lower plan', from: { priceCents: 4_900, tier: 'vip' }, to: { priceCents: 1_900 } },
  ] as const)('now to $name charges or credits what the preview says', async ({ name, from: before, to: then }) => {
    const code = name.replaceAll(' ', '-')
    const from = await aPlan(app, { code: `from-${code}`, ...before })
    await aPlan(app, { code: `to-${code}`, ...then })
    const payer = await aPayingUser(app, from.code)
    await advance(app, { days: 10 })
    const terms = { planId: from.id, toPlanCode: `to-${code}`, at: 'now' } as const
    const { totals, priceRef } = await api.admin.plans.previewMove.query(terms)
    const { id } = await api.admin.plans.move.mutate({ ...terms, priceRef })
    expect(await ended(id)).toMatchObject({ done: 1, refused: 0 })
    const { charged, credit } = await ledgerOf(app, payer.stripeCustomerId)
    const [{ dueNowCents, creditCents } = { dueNowCents: -1, creditCents: -1 }] = totals
    expect(dueNowCents + creditCents).toBeGreaterThan(1_000)
    // Seconds pass between the preview and the move.
    expect(Math.abs(charged - before.priceCents - dueNowCents)).toBeLessThanOrEqual(1)
    expect(Math.abs(credit - creditCents)).toBeLessThanOrEqual(1)
  })

  test('leaves who has no card, which only the attempt can tell', async () => {
    const from = await aPlan(app, { code: 'gratis', priceCents: 0, tier: 'free' })
    await aPlan(app, { code: 'no-longer-gratis', priceCents: 1_900 })
    const user = await aPayingUser(app, 'gratis')
    const terms = { planId: from.id, toPlanCode: 'no-longer-gratis', at: 'now' } as const
    const { totals, priceRef } = await api.admin.plans.previewMove.query(terms)
    expect(totals).toMatchObject([{ dueNowCents: 1_900 }])
    const { id } = await api.admin.plans.move.mutate({ ...terms, priceRef })
    expect(await ended(id)).toMatchObject({ done: 0, refused: 1 })
    expect(await reasonsOf(id)).toEqual([[user.email, 'PAYMENT_METHOD_REQUIRED']])
    expect(await currentOf(user)).toMatchObject({ plan: { code: 'gratis' }, status: 'active' })
  })

  test('now charges nothing during a trial, which is no estimate', async () => {
    const from = await aPlan(app, { code: 'on-trial', priceCents: 1_900, trialDays: 14 })
    await aPlan(app, { code: 'after-trial', priceCents: 4_900, tier: 'vip' })
    const user = await aPayingUser(app, 'on-trial')
    const terms = { planId: from.id, toPlanCode: 'after-trial', at: 'now' } as const
    const preview = await api.admin.plans.previewMove.query(terms)
    expect(preview).toMatchObject({
      ...{ movable: 1, isEstimate: false, kinds: [{ status: 'trialing', count: 1 }] },
      totals: [{ dueNowCents: 0, creditCents: 0, mrrBeforeCents: 0, mrrAfterCents: 0 }],
    })
    const { id } = await api.admin.plans.move.mutate({ ...terms, priceRef: preview.priceRef })
    expect(await ended(id)).toMatchObject({ done: 1, refused: 0 })
    expect(await currentOf(user)).toMatchObject({ plan: { code: 'after-trial' }, status: 'trialing' })
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(0)
  })

  test('at the period end charges nothing at once, and follows who has decided for themselves', async () => {
    const from = await aPlan(app, { code: 'old-later', priceCents: 2_000 })
    await aPlan(app, { code: 'new-later', priceCents: 1_500 })
    await aPlan(app, { code: 'own-choice', priceCents: 900 })
    const stays = await aPayingUser(app, 'old-later')
    const chooses = await aPayingUser(app, 'old-later')
    await (await app.as(chooses)).api.billing.subscriptions.change.mutate({ planCode: 'own-choice' })
    await eventsDone(app)

    const terms = { planId: from.id, toPlanCode: 'new-later', at: 'period_end' } as const
    const preview = await api.admin.plans.previewMove.query(terms)
    expect(preview).toMatchObject({
      ...{ subscribers: 2, movable: 1, isEstimate: false, refusals: [{ reason: 'OTHER_PLAN_CHOSEN', count: 1 }] },
      totals: [{ dueNowCents: 0, creditCents: 0, mrrBeforeCents: 2_000, mrrAfterCents: 1_500 }],
    })
    const before = await currentOf(stays)
    expect(preview.lastAt).toEqual(before?.currentPeriodEnd)

    const { priceRef } = preview
    const { id } = await api.admin.plans.move.mutate({ ...terms, priceRef })
    expect(await ended(id)).toMatchObject({ done: 1, refused: 1 })
    expect(await currentOf(stays)).toMatchObject({ scheduledChange: { plan: { code: 'new-later' } } })
    expect(await currentOf(chooses)).toMatchObject({ scheduledChange: { plan: { code: 'own-choice' } } })
    // Who has it scheduled already is no one to move, and a second move changes nothing.
    expect((await api.admin.plans.previewMove.query(terms)).refusals).toContainEqual({ reason: 'SAME_PLAN', count: 1 })
    const again = await api.admin.plans.move.mutate({ ...terms, priceRef })
    expect(await ended(again.id)).toMatchObject({ done: 1, refused: 1 })

    await advance(app, { days: 32 })
    expect(await currentOf(stays)).toMatchObject({ plan: { code: 'new-later' }, priceCents: 1_500 })
    expect((await ledgerOf(app, stays.stripeCustomerId)).charged).toBe(3_500)
  })

  test('to the new price of the same plan concerns only those with another price', async () => {
    const plan = await aPlan(app, { code: 'dearer', priceCents: 1_000 })
    const old = await aPayingUser(app, 'dearer')
    const terms = { planId: plan.id, toPlanCode: 'dearer', at: 'period_end' } as const
    const { priceRef: former } = await api.admin.plans.previewMove.query(terms)
    await api.billing.plans.update.mutate({ id: plan.id, priceCents: 1_200 })
    const fresh = await aPayingUser(app, 'dearer')
    const { priceRef } = await api.admin.plans.previewMove.query(terms)
    expect(await api.admin.plans.previewMove.query(terms)).toMatchObject({
      ...{ subscribers: 2, movable: 1, refusals: [{ reason: 'SAME_PLAN', count: 1 }] },
      kinds: [{ unitPriceCents: 1_000, afterCents: 1_200 }],
    })
    expect(await api.admin.plans.previewMove.query({ ...terms, unitPriceCents: 1_200 })).toMatchObject({
      ...{ subscribers: 1, movable: 0, firstAt: null, kinds: [], totals: [] },
    })
    expect(await reasonOf(api.admin.plans.move.mutate({ ...terms, priceRef: former }))).toBe('PREVIEW_STALE')

    const { id } = await api.admin.plans.move.mutate({ ...terms, priceRef, unitPriceCents: 1_000 })
    expect(await ended(id)).toMatchObject({ done: 1, refused: 0, unitPriceCents: 1_000 })
    await advance(app, { days: 32 })
    expect(await currentOf(old)).toMatchObject({ plan: { code: 'dearer' }, unitPriceCents: 1_200 })
    expect((await ledgerOf(app, old.stripeCustomerId)).charged).toBe(1_000 + 1_200)
    await aMailTo(old.email, /You're now on dearer/)
    expect((await ledgerOf(app, fresh.stripeCustomerId)).charged).toBe(2 * 1_200)
  })

  test('continues after an outage, refuses a declined card, and leaves who cancels meanwhile', async () => {
    const from = await aPlan(app, { code: 'old-trouble', priceCents: 1_000 })
    await aPlan(app, { code: 'new-trouble', priceCents: 3_000, tier: 'vip' })
    const fine = await aPayingUser(app, 'old-trouble')
    const declined = await aPayingUser(app, 'old-trouble')
    const leaving = await aPayingUser(app, 'old-trouble')
    await failCharges(app, declined.stripeCustomerId, true)
    const chosen = { planId: from.id, toPlanCode: 'new-trouble', at: 'now' } as const
    const terms = { ...chosen, priceRef: (await api.admin.plans.previewMove.query(chosen)).priceRef }
    // The price is at Stripe already: an order needs no call, so it works while Stripe is down.
    await aPayingUser(app, 'new-trouble')
    await failNext(app)
    const { id } = await api.admin.plans.move.mutate(terms)
    expect(await reasonOf(api.admin.plans.move.mutate(terms))).toBe('PLAN_MOVE_OPEN')
    await until('the subscribers to be listed', async () => (await moveOf(id))?.waiting === 3)

    await app.stopWorker()
    await calm(app)
    await (await app.as(leaving)).api.billing.subscriptions.cancel.mutate({})
    await moveSubscribers(app.scope())
    await app.startWorker()
    expect(await ended(id)).toMatchObject({ state: 'done', done: 1, refused: 2 })
    expect((await reasonsOf(id)).toSorted()).toEqual(
      [
        [declined.email, 'PAYMENT_FAILED'],
        [leaving.email, 'ALREADY_CANCELING'],
      ].toSorted(),
    )
    expect(await currentOf(fine)).toMatchObject({ plan: { code: 'new-trouble' } })
    expect(await currentOf(declined)).toMatchObject({ plan: { code: 'old-trouble' }, status: 'active' })
    expect((await ledgerOf(app, declined.stripeCustomerId)).charged).toBe(1_000)
  }, 120_000)

  test('can be stopped, and two orders at the same moment make one move', async () => {
    const from = await aPlan(app, { code: 'old-stop', priceCents: 1_000 })
    await aPlan(app, { code: 'new-stop', priceCents: 800 })
    const stays = await aPayingUser(app, 'old-stop')
    await aPayingUser(app, 'new-stop')
    await failNext(app)
    const chosen = { planId: from.id, toPlanCode: 'new-stop', at: 'period_end' } as const
    const terms = { ...chosen, priceRef: (await api.admin.plans.previewMove.query(chosen)).priceRef }
    const outcomes = await Promise.all([1, 2, 3].map(async () => reasonOf(api.admin.plans.move.mutate(terms))))
    expect(outcomes.toSorted()).toEqual(['PLAN_MOVE_OPEN', 'PLAN_MOVE_OPEN', 'fine'])
    const [open] = (await api.admin.plans.moves.query({ planId: from.id, isOpen: true })).items
    await api.admin.plans.stopMove.mutate({ id: open?.id ?? '' })
    await api.admin.plans.stopMove.mutate({ id: open?.id ?? '' })
    await calm(app)
    expect(await moveOf(open?.id ?? '')).toMatchObject({ state: 'stopped', done: 0 })
    expect((await currentOf(stays))?.scheduledChange).toBeNull()
    expect((await auditOf(app, from.id)).map(({ action }) => action)).toEqual(['plan.move', 'plan.stop_move'])
  })

  test('names what does not exist', async () => {
    const { plans } = api.admin
    const terms = { planId: UNKNOWN_ID, toPlanCode: 'pro', at: 'now' } as const
    await expect(plans.previewMove.query(terms)).rejects.toMatchObject(refusal('NOT_FOUND', 'PLAN_NOT_FOUND'))
    expect(await reasonOf(plans.move.mutate({ ...terms, priceRef: 'none' }))).toBe('PLAN_NOT_FOUND')
    expect(await reasonOf(plans.stopMove.mutate({ id: UNKNOWN_ID }))).toBe('PLAN_MOVE_NOT_FOUND')
    expect(await reasonOf(plans.moveItems.query({ moveId: UNKNOWN_ID }))).toBe('PLAN_MOVE_NOT_FOUND')
  })
})

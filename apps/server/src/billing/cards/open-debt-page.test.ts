import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo } from '../../../test/inbox.ts'
import { delayingFirst, paymobCall, refusingRefunds } from '../../../test/paymob-gateway.ts'
import {
  advanceBoth,
  aPaymobPayer,
  aPaymobPlan,
  isPaidBack,
  payAtPaymob,
  paymobOf,
} from '../../../test/paymob-purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { underLock } from '../customers/under-lock.ts'
import { createPayLinks } from '../recovery/pay-links.ts'

const CARD = { card: '4111111111111111' }

describe('pages for cards, in an account whose renewal has failed for good,', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp({}, { paymob: true })
    await aPaymobPlan(app, 'pro-egp', 90_000)
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test('pay a debt on a page, whose answer says what it has led to, also while a refund is refused', async () => {
    const { api, id } = await aDebtor()
    const { cards, subscriptions } = api.billing
    const add = async () => cards.add.mutate({ paysOverdue: true })
    const first = await add()
    expect(first.paysOverdue).toBe(true)
    const { em } = app.scope()
    await em.execute("update debt_pages set expires_at = now() + interval '9 minutes'")
    const second = await add()
    await app.stopWorker()
    for (const { sessionId } of [first, second]) await payAtPaymob(app, sessionId, CARD)
    // It is paid, and no notice of that is applied yet.
    expect(await add()).toMatchObject({ paysOverdue: false })
    await refusingRefunds(null, async () => {
      expect(await cards.sync.mutate({ sessionId: first.sessionId })).toMatchObject({ state: 'paid' })
      expect(await subscriptions.current.query()).toMatchObject({ status: 'active', recovery: null })
      expect(await cards.sync.mutate({ sessionId: second.sessionId })).toMatchObject({ state: 'returned' })
    })
    await em.execute(
      `update reconciliation_findings set after = after || jsonb_build_object('nextTryAt', now()) where account_id = ?`,
      [id],
    )
    expect(await cards.sync.mutate({ sessionId: second.sessionId })).toMatchObject({ state: 'returned' })
    await app.startWorker()
    expect(isPaidBack(app, second.sessionId)).toBe(true)
    expect(isPaidBack(app, first.sessionId)).toBe(false)
  })

  test('pay no debt that Paymob may collect again: neither call promises it', async () => {
    const { api, email, at } = await aDebtor()
    const { text } = await aMailTo(email, /could not|couldn't|Your payment for/i)
    const link = new URL(/http\S+\/billing\/pay\?token=[\w-]{43}/.exec(text)?.[0] ?? '')
    const pay = async (pays: string) => {
      const body = new URLSearchParams({ token: link.searchParams.get('token') ?? '', pays })
      return fetch(`${app.url}/billing/pay`, { method: 'POST', body, redirect: 'manual' })
    }
    expect(await (await fetch(link)).text()).toContain('name="pays" value="1"')
    // Someone at Paymob has stopped it, and no notice of that is applied yet.
    await app.stopWorker()
    await paymobCall(paymobOf(app), 'POST', `subscriptions/${at}/suspend`)
    expect((await api.billing.cards.add.mutate({ paysOverdue: true })).paysOverdue).toBe(false)
    const off = await pay('1')
    expect([off.status, await off.text()]).toEqual([200, expect.stringContaining('can no longer be made here')])
    expect((await pay('')).status).toBe(303) // only adds a card, as its button says
    await app.startWorker()
  })

  /** Their first renewal has failed for good. */
  async function aDebtor() {
    const user = await aPaymobPayer(app, 'pro-egp', {}, { card: '4000000000000341' })
    await advanceBoth(app, { days: 31 })
    await advanceBoth(app, { days: 3 })
    const [row] = await app
      .scope()
      .em.execute<{ at: string }[]>('select provider_subscription_id as at from subscriptions where account_id = ?', [
        user.id,
      ])
    return { ...user, api: (await app.as(user)).api, at: row?.at ?? '' }
  }

  test('are added for a debt on one page for everyone, and a provider that hangs does not block the account', async () => {
    const user = await aDebtor()
    const { subscriptions } = user.api.billing
    const { em } = app.scope()
    const [recovery] = await em.execute<{ id: string }[]>('select id from recoveries where account_id = ?', [user.id])
    const link = await createPayLinks(app.deps.billing).payLinkFor(app.scope(), recovery?.id ?? '')
    const token = new URL(link?.text ?? '').searchParams.get('token') ?? ''
    // Without a login.
    const open = () => app.client().api.billing.payLink.mutate({ token, addsCard: true })

    const opening = delayingFirst('/v1/intention')
    const first = open()
    await opening.isOnItsWay
    const second = open()
    expect(await underLock(app.scope(), user.id, async () => 'free')).toBe('free')
    expect(await subscriptions.current.query()).toMatchObject({ status: 'unpaid' })
    opening.release()
    const { url } = await first
    expect([url, (await second).url, (await open()).url]).toEqual([
      expect.stringContaining('unifiedcheckout'),
      url,
      url,
    ])

    // Only the note about a page holds the lock, for a short time.
    await em.execute("update debt_pages set expires_at = now() + interval '9 minutes'")
    const noting = delayingFirst('register_webhook')
    const third = reasonOf(open())
    await noting.isOnItsWay
    expect(await subscriptions.cancel.mutate()).toMatchObject({ status: 'canceled' })
    expect(await third).toBe('PAYMENT_PROVIDER_ERROR')
  })
})

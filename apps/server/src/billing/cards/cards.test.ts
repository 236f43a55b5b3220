import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { addMember, anOrganization } from '../../../test/organizations.ts'
import { control, refusingRefunds } from '../../../test/paymob-gateway.ts'
import {
  aPaymobPayer,
  aPaymobPlan,
  callbacksDone,
  isPaidBack,
  payAtPaymob,
  paymobOf,
} from '../../../test/paymob-purchases.ts'
import { jobsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { finishCardPage } from './finish-card-page.ts'

const CARD = { card: '4111111111111111' }

describe('the cards of a subscription whose provider has no portal', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp({}, { paymob: true })
    await aPaymobPlan(app, 'pro-egp', 90_000)
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const cardsOf = async (user: TestUser) => (await app.as(user)).api.billing.cards

  test('are listed, and one is added by the callback of its page alone, with a mail', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const { cards, subscriptions, payments } = (await app.as(user)).api.billing
    const { items, retriesAt } = await cards.list.query()
    expect({ items, retriesAt }).toMatchObject({ items: [{ last4: '2346', isPrimary: true }], retriesAt: null })
    expect(await subscriptions.current.query()).toMatchObject({ cardManagement: 'cards', timeZone: 'Africa/Cairo' })

    const { sessionId } = await cards.add.mutate()
    await payAtPaymob(app, sessionId, CARD)
    await callbacksDone(app)
    await until('the card', async () => (await cards.list.query()).items[0]?.last4 === '1111')
    await aMailTo(user.email, /New card for your PRO-EGP subscription/)
    expect(isPaidBack(app, sessionId)).toBe(true)
    // It is no payment of the subscription.
    expect((await payments.list.query({})).items).toHaveLength(1)
    await cards.sync.mutate({ sessionId })
    expect((await mailsTo(user.email)).filter(({ subject }) => /New card/.test(subject))).toHaveLength(1)
  })

  test('one is added at once for the page that the browser comes back to, and by a job if nothing arrives', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const cards = await cardsOf(user)
    const { sessionId } = await cards.add.mutate()
    expect(await cards.sync.mutate({ sessionId })).toMatchObject({ state: 'open', items: [{ last4: '2346' }] })
    const [job] = await app.scope().em.execute<{ data: { subscriptionId: string; sessionId: string } }[]>(
      `select data from pgboss.job where name = 'finish-card-page' and data->>'sessionId' = ?
         and start_after between now() + interval '55 minutes' and now() + interval '70 minutes'`,
      [sessionId],
    )
    expect(job).toBeDefined()

    await app.stopWorker()
    const returnTo = await payAtPaymob(app, sessionId, CARD)
    const back = await fetch(returnTo, { redirect: 'manual' })
    expect(back.headers.get('location')).toBe(`http://console.test/subscription/cards?session_id=${sessionId}`)
    const synced = await cards.sync.mutate({ sessionId })
    expect(synced).toMatchObject({ state: 'added', items: [{ last4: '1111', isPrimary: true }, { last4: '2346' }] })
    expect(isPaidBack(app, sessionId)).toBe(true)

    const second = await cards.add.mutate()
    await payAtPaymob(app, second.sessionId, { card: '5123450000000008' })
    await finishCardPage(app.scope(), { subscriptionId: job?.data.subscriptionId ?? '', sessionId: second.sessionId })
    expect((await cards.list.query()).items[0]).toMatchObject({ last4: '0008' })
    expect(isPaidBack(app, second.sessionId)).toBe(true)
    await app.startWorker()
  })

  test('another one is made primary, and the charged and the only one stay', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const cards = await cardsOf(user)
    const [only] = (await cards.list.query()).items
    expect(await reasonOf(cards.remove.mutate({ cardId: only?.id ?? '' }))).toBe('CARD_IN_USE')
    const { sessionId } = await cards.add.mutate()
    await payAtPaymob(app, sessionId, CARD)
    const { items } = await cards.sync.mutate({ sessionId })
    const [added, old] = [items[0]?.id ?? '', items[1]?.id ?? '']
    expect(await reasonOf(cards.remove.mutate({ cardId: added }))).toBe('CARD_IN_USE')
    expect((await cards.makePrimary.mutate({ cardId: old })).items).toMatchObject([
      { id: old, isPrimary: true },
      { id: added, isPrimary: false },
    ])
    expect((await cards.remove.mutate({ cardId: added })).items).toMatchObject([{ id: old, isPrimary: true }])
    expect(await reasonOf(cards.remove.mutate({ cardId: added }))).toBe('CARD_NOT_FOUND')
    expect(await reasonOf(cards.makePrimary.mutate({ cardId: added }))).toBe('CARD_NOT_FOUND')
    await expect(cards.remove.mutate({ cardId: 'no card' })).rejects.toMatchObject({
      data: { reason: 'INVALID_INPUT', fieldErrors: { cardId: 'must be the id of a card' } },
    })
  })

  test('are reached by no one else: neither the cards nor the page', async () => {
    const [owner, other] = [await aPaymobPayer(app, 'pro-egp'), await aPaymobPayer(app, 'pro-egp')]
    const own = await cardsOf(owner)
    const theirs = await cardsOf(other)
    const { sessionId } = await own.add.mutate()
    await payAtPaymob(app, sessionId, CARD)
    await callbacksDone(app)
    await until('two cards', async () => (await own.list.query()).items.length === 2)
    expect(await reasonOf(theirs.sync.mutate({ sessionId }))).toBe('SESSION_NOT_FOUND')
    for (const { id: cardId } of (await own.list.query()).items) {
      expect(await reasonOf(theirs.makePrimary.mutate({ cardId }))).toBe('CARD_NOT_FOUND')
      expect(await reasonOf(theirs.remove.mutate({ cardId }))).toBe('CARD_NOT_FOUND')
    }
    expect((await theirs.list.query()).items).toMatchObject([{ last4: '2346' }])

    const { api } = await app.as(owner)
    const { id: accountId } = await anOrganization(app, { ...owner, api })
    await addMember(app, accountId, other, 'member')
    expect(await reasonOf(theirs.list.query({ accountId }))).toBe('ROLE_REQUIRED')
    expect(await reasonOf(theirs.add.mutate({ accountId }))).toBe('ROLE_REQUIRED')
    expect(await reasonOf(theirs.list.query({ accountId: owner.id }))).toBe('ACCOUNT_NOT_FOUND')
  })

  test('are managed in the portal where there is one, and a grant or nothing has none', async () => {
    const atStripe = await cardsOf(await aPayingUser(app, 'pro'))
    expect(await reasonOf(atStripe.list.query())).toBe('PROVIDER_UNSUPPORTED')
    expect(await reasonOf(atStripe.add.mutate())).toBe('PROVIDER_UNSUPPORTED')
    await expect(atStripe.makePrimary.mutate({ cardId: '1' })).rejects.toThrow(/Stripe keeps the cards/)
    const user = await app.aUser()
    expect(await reasonOf((await cardsOf(user)).list.query())).toBe('NO_SUBSCRIPTION')
    await aGrant(app, user, 'vip')
    await expect((await cardsOf(user)).list.query()).rejects.toThrow(/Nothing is charged/)
  })

  test('a page that was paid after the account was closed is paid back all the same', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const { sessionId } = await (await cardsOf(user)).add.mutate()
    await (await app.as(user)).api.auth.deactivate.mutate()
    await jobsDone(app, 'account-closed', 'end-billing')
    await payAtPaymob(app, sessionId, CARD)
    await callbacksDone(app)
    await until('the money', async () => isPaidBack(app, sessionId))
    expect(isPaidBack(app, sessionId)).toBe(true)
  })

  test('in another account of the provider are not touched: the same id may be another customer there', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const cards = await cardsOf(user)
    await app
      .scope()
      .em.execute(`update subscriptions set provider_account = 'merchant_1:test' where account_id = ?`, [user.id])
    const sessionId = `cd.${'0'.repeat(32)}.1.0.zzzzz`
    for (const call of [
      cards.list.query(),
      cards.add.mutate(),
      cards.sync.mutate({ sessionId }),
      cards.makePrimary.mutate({ cardId: '1' }),
      cards.remove.mutate({ cardId: '1' }),
    ])
      expect(await reasonOf(call)).toBe('PROVIDER_UNSUPPORTED')
  })

  test('stay as chosen while the provider refuses to pay a check back', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const cards = await cardsOf(user)
    const { sessionId } = await cards.add.mutate()
    await app.stopWorker()
    await payAtPaymob(app, sessionId, CARD)
    const { em } = app.scope()
    const rows = await em.execute<{ id: string }[]>('select id from subscriptions where account_id = ?', [user.id])
    const subscriptionId = rows[0]?.id ?? ''
    const findings =
      "select resolved_at, after from reconciliation_findings where kind = 'refund_refused' and account_id = ?"
    await refusingRefunds(null, async () => {
      const synced = await cards.sync.mutate({ sessionId })
      expect(synced).toMatchObject({ state: 'added', items: [{ last4: '1111' }, { last4: '2346' }] })
      // Neither a repeat nor another look asks again before it is due.
      await finishCardPage(app.scope(), { subscriptionId, sessionId })
      await cards.makePrimary.mutate({ cardId: synced.items[1]?.id ?? '' })
      const left = { subscriptionId, sessionId, keepsPrimary: true }
      const jobs = `select start_after > now() + interval '50 minutes' as is_later from pgboss.job
        where name = 'finish-card-page' and data = ?`
      expect(await em.execute(jobs, [JSON.stringify(left)])).toEqual([{ is_later: true }])
      expect(await em.execute(findings, [user.id])).toMatchObject([{ resolved_at: null, after: { attempts: 1 } }])

      // All attempts are used up: from then on, it is left to a person.
      // The database's clock, which starts the job, may be ahead.
      const due = `update reconciliation_findings
        set after = after || jsonb_build_object('nextTryAt', now() + interval '30 seconds') where account_id = ?`
      for (let attempt = 2; attempt <= 9; attempt += 1) {
        await em.execute(due, [user.id])
        await finishCardPage(app.scope(), left)
      }
      const last = { after: { attempts: 9, nextTryAt: null } }
      expect(await em.execute(findings, [user.id])).toMatchObject([last])
      await finishCardPage(app.scope(), left)
      expect(await em.execute(findings, [user.id])).toMatchObject([last])
      await em.execute(due, [user.id])
    })
    await finishCardPage(app.scope(), { subscriptionId, sessionId, keepsPrimary: true })
    expect(isPaidBack(app, sessionId)).toBe(true)
    expect(await em.execute(findings, [user.id])).toMatchObject([{ resolved_at: expect.any(String) }])

    // The same when an operator pays it back after the last attempt.
    const exhausted = `update reconciliation_findings
      set resolved_at = null, after = after || '{"nextTryAt": null}' where account_id = ?`
    await em.execute(exhausted, [user.id])
    await finishCardPage(app.scope(), { subscriptionId, sessionId, keepsPrimary: true })
    expect(await em.execute(findings, [user.id])).toMatchObject([{ resolved_at: expect.any(String) }])
    await app.startWorker()
    expect((await cards.list.query()).items).toMatchObject([{ last4: '2346', isPrimary: true }, { last4: '1111' }])
  })

  test('stay as they are while the provider is down, and every call reports that', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const cards = await cardsOf(user)
    const { sessionId } = await cards.add.mutate()
    await payAtPaymob(app, sessionId, CARD)
    const { items } = await cards.sync.mutate({ sessionId })
    await callbacksDone(app)
    const cardId = items.find(({ isPrimary }) => !isPrimary)?.id ?? ''
    await control(paymobOf(app), 'PUT', 'api', { down: true })
    for (const call of [
      cards.list.query(),
      cards.add.mutate(),
      cards.sync.mutate({ sessionId }),
      cards.makePrimary.mutate({ cardId }),
      cards.remove.mutate({ cardId }),
    ])
      expect(await reasonOf(call)).toBe('PAYMENT_PROVIDER_ERROR')
    await control(paymobOf(app), 'PUT', 'api', { down: false })
    expect((await cards.list.query()).items).toEqual(items)
  })
})

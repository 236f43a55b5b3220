import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, UNKNOWN_ID } from '../../../test/admin.ts'
import { aGrant } from '../../../test/purchases.ts'
import { aServiceKey } from '../../../test/service-keys.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { plansToUse, usageCalls, waitingForALock } from '../../../test/usage-calls.ts'
import { consume } from './consume.ts'
import { freeReservations } from './free-reservations.ts'
import { returnReservation } from './return-reservation.ts'
import { settleReservation } from './settle-reservation.ts'

const SECOND = 1_000

describe('usage', () => {
  let app: TestApp
  let admin: Awaited<ReturnType<typeof anAdmin>>
  let key: string
  beforeAll(async () => {
    app = await createTestApp({}, { worker: false })
    admin = await anAdmin(app)
    key = await aServiceKey(app, 'usage:write', 'entitlements:read')
    await plansToUse(app)
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const aCustomer = async (planCode = 'small'): Promise<TestUser> => {
    const user = await app.aUser()
    await aGrant(app, user, planCode)
    return user
  }
  const { use, tokens, settle, giveBack, usedBy } = usageCalls(() => ({ app, key }))

  test('is counted up to the limit, and what does not fit is not counted', async () => {
    const user = await aCustomer()
    const { currentPeriodEnd } = (await (await app.as(user)).api.billing.subscriptions.current.query()) ?? {}
    expect(await tokens(user, 60)).toEqual({
      ...{ status: 200, allowed: true, used: 60, limit: 100, remaining: 40 },
      resetsAt: currentPeriodEnd?.toISOString(),
    })
    expect(await tokens(user, 41)).toMatchObject({ status: 200, allowed: false, used: 60, remaining: 40 })
    expect(await tokens(user, 40)).toMatchObject({ allowed: true, used: 100, remaining: 0 })
    expect(await tokens(user, 1)).toMatchObject({ allowed: false, used: 100, remaining: 0 })
    expect(await usedBy(user)).toBe(100)
    expect(await use(user, { feature: 'sso' })).toMatchObject({ allowed: true, used: 1, limit: null, remaining: null })
  })

  test('that is denied says which plan would allow it, the cheapest per month', async () => {
    const user = await aCustomer()
    expect(await tokens(user, 101)).toMatchObject({ allowed: false, unlockedBy: { planCode: 'large-yearly' } })
    await app.scope().em.execute("update plans set status = 'retired' where code = 'large-yearly'")
    expect(await tokens(user, 1_000)).toMatchObject({ allowed: false, unlockedBy: { planCode: 'large' } })
    expect(await tokens(user, 1_001)).toMatchObject({ allowed: false, unlockedBy: null })
    await app.scope().em.execute("update plans set status = 'active' where code = 'large-yearly'")

    const { override } = admin.api.admin.entitlements
    await override.mutate({ accountId: user.id, feature: 'ai.tokens', value: false, reason: 'Misuse' })
    expect(await tokens(user, 1)).toMatchObject({ allowed: false, limit: 0, unlockedBy: null })
  })

  test('of an unknown feature or account, or with bad values, is refused and counts nothing', async () => {
    const user = await aCustomer()
    const unknown = { status: 404, error: { reason: 'FEATURE_NOT_FOUND' } }
    expect(await use(user, { feature: 'ai.token' })).toMatchObject(unknown)
    expect(await tokens({ id: UNKNOWN_ID }, 1)).toMatchObject({ status: 404, error: { reason: 'ACCOUNT_NOT_FOUND' } })
    for (const [field, terms] of [
      ['amount', { amount: 0 }],
      ['amount', { amount: 1.5 }],
      ['amount', { amount: 2 ** 53 }],
      ['key', { key: '' }],
      ['key', { key: 'x'.repeat(129) }],
      ['reserve', { reserve: 0 }],
      ['reserve', { reserve: 86_401 }],
      ['feature', { feature: 'AI' }],
      ['ammount', { ammount: 3 }],
    ] as const) {
      const { status, error } = await tokens(user, 1, terms)
      expect([status, Object.keys(error?.fieldErrors ?? {})]).toEqual([400, [field]])
    }
    expect(await usedBy(user)).toBe(0)
    await app.scope().em.execute('update users set is_active = false where id = ?', [user.id])
    expect(await tokens(user, 1)).toMatchObject({ status: 404, error: { reason: 'ACCOUNT_NOT_FOUND' } })
  })

  test('with the same key counts once, gets the first answer for good, and never stands for something else', async () => {
    const user = await aCustomer()
    const first = await tokens(user, 60, { key: 'once' })
    const denied = await tokens(user, 60, { key: 'denied' })
    expect(await Promise.all([1, 2, 3].map(() => tokens(user, 60, { key: 'once' })))).toEqual([first, first, first])
    expect(await usedBy(user)).toBe(60)
    // In a later period, and after an upgrade that would allow it.
    await app.scope().em.execute(
      `update subscriptions set current_period_start = now(), plan_id = (select id from plans where code = 'large')
       where account_id = ?`,
      [user.id],
    )
    expect(await tokens(user, 60, { key: 'once' })).toEqual(first)
    expect(await tokens(user, 60, { key: 'denied' })).toMatchObject({ allowed: false, used: denied.used })
    expect(await usedBy(user)).toBe(0)
    const reused = { status: 409, error: { reason: 'USAGE_KEY_REUSED' } }
    expect(await tokens(user, 61, { key: 'once' })).toMatchObject(reused)
    expect(await tokens(user, 60, { key: 'once', reserve: 5 })).toMatchObject(reused)
    expect(await use(user, { feature: 'sso', amount: 60, key: 'once' })).toMatchObject(reused)
    expect(await tokens(await aCustomer(), 7, { key: 'once' })).toMatchObject({ allowed: true, used: 7 })
    // After no plan has the feature any more.
    const [other, { em }] = [await aCustomer(), app.scope()]
    const gone = await use(other, { feature: 'sso', key: 'gone' })
    await em.execute("update plans set features = features - 'sso'")
    expect(await Promise.all([1, 2].map(() => use(other, { feature: 'sso', key: 'gone' })))).toEqual([gone, gone])
    expect(await use(other, { feature: 'sso' })).toMatchObject({ status: 404, error: { reason: 'FEATURE_NOT_FOUND' } })
    await em.execute(`update plans set features = features || '{"sso": true}' where code = 'small'`)
  })

  test('that comes in many calls at once is counted as if one came after the other', async () => {
    const [user, other] = [await aCustomer(), await aCustomer()]
    await Promise.all([tokens(user, 1), tokens(other, 1)])
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) =>
        n % 2 ? tokens(user, 3, n % 4 === 1 ? { reserve: 60 } : {}) : use(n % 4 ? other : user, { feature: 'sso' }),
      ),
    )
    const counted = answers.filter((_, n) => n % 2)
    expect(counted.map(({ used }) => used).toSorted((a = 0, b = 0) => a - b)).toEqual(
      counted.map((_, place) => 1 + 3 * (place + 1)),
    )
    expect(new Set(counted.flatMap(({ reservation }) => reservation ?? [])).size).toBe(16)
    expect([await usedBy(user), await usedBy(user, 'sso'), await usedBy(other, 'sso')]).toEqual([97, 16, 16])
    const last = await Promise.all(Array.from({ length: 64 }, () => tokens(user, 2)))
    expect(last.filter(({ allowed }) => allowed)).toMatchObject([{ used: 99, remaining: 1 }])
    expect(last.every(({ used, status }) => used === 99 && status === 200)).toBe(true)
    const repeated = await Promise.all(Array.from({ length: 20 }, () => tokens(user, 1, { key: 'repeated' })))
    expect(repeated.every(({ allowed, used }) => allowed && used === 100)).toBe(true)
  })

  test('whose key another transaction commits first gets the answer of that key', async () => {
    const user = await aCustomer()
    await Promise.all([tokens(user, 1), use(user, { feature: 'sso' })])
    const late = await app.scope().em.transactional(async (em) => {
      const first = { id: user.id, feature: 'sso', amount: 1, key: 'raced' }
      expect(await consume({ ...app.scope(), em }, first)).toMatchObject({ allowed: true, used: 2 })
      const answers = [tokens(user, 1, { key: 'raced' })]
      await expect.poll(() => waitingForALock(app)).toBe(1)
      return answers
    })
    expect(await late[0]).toMatchObject({ status: 409, error: { reason: 'USAGE_KEY_REUSED' } })
    expect([await usedBy(user), await usedBy(user, 'sso')]).toEqual([1, 2])
  })

  test('whose key a long transaction holds delays no other use, of its own counter neither, and takes no connection', async () => {
    const [user, other] = [await aCustomer(), await aCustomer()]
    await Promise.all([tokens(user, 1), use(user, { feature: 'sso' }), tokens(other, 1)])
    const reserved = await tokens(user, 1, { reserve: 60 })
    const waiting = await app.scope().em.transactional(async (em) => {
      const held = { id: user.id, feature: 'sso', amount: 1 }
      const keys = Array.from({ length: 4 }, (_, n) => `held-${n}`)
      for (const each of keys) await consume({ ...app.scope(), em }, { ...held, key: each })
      let answered = 0
      const answers = keys.map(async (each) => {
        const answer = await tokens(user, 1, { key: each })
        answered += 1
        return answer
      })
      const settling = tokens(user, 1).then(() => settle(user, reserved.reservation, 1))
      for (const used of [2, 3, 4]) expect(await tokens(other, 1)).toMatchObject({ allowed: true, used })
      expect(await tokens(user, 1)).toMatchObject({ allowed: true })
      expect(await settling).toMatchObject({ allowed: true })
      expect(answered).toBe(0)
      return answers
    })
    const reused = { status: 409, error: { reason: 'USAGE_KEY_REUSED' } }
    for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject(reused)
    expect([await usedBy(user), await usedBy(user, 'sso')]).toEqual([4, 5])
  })

  test('whose counter is held by a long transaction delays no other, and takes one connection', async () => {
    const [user, other] = [await aCustomer(), await aCustomer()]
    const reserved = await Promise.all(Array.from({ length: 20 }, () => tokens(user, 1, { reserve: 60 })))
    await tokens(other, 1)
    const waiting = await app.scope().em.transactional(async (held) => {
      await held.execute('select from usage_counters where account_id = ? for update', [user.id])
      const answers = Array.from({ length: 20 }, () => tokens(user, 1))
      await expect.poll(() => waitingForALock(app)).toBe(1)
      for (const used of [2, 3, 4]) expect(await tokens(other, 1)).toMatchObject({ allowed: true, used })
      expect(await waitingForALock(app)).toBe(1)
      answers.push(...reserved.map(({ reservation }, n) => (n % 2 ? settle : giveBack)(user, reservation, 1)))
      for (const used of [5, 6, 7]) expect(await tokens(other, 1)).toMatchObject({ allowed: true, used })
      app.clock.advance(61 * SECOND)
      await freeReservations(app.scope())
      return answers
    })
    expect((await Promise.all(waiting)).every(({ allowed }) => allowed)).toBe(true)
    expect(await usedBy(user)).toBe(30)
  })

  test('can be reserved: settled with less or with more that fits, or given back, once', async () => {
    const user = await aCustomer()
    const reserve = async (amount: number) => (await tokens(user, amount, { reserve: 60 })).reservation
    const [one, two, three] = [await reserve(50), await reserve(20), await reserve(30)]
    expect(await tokens(user, 1, { reserve: 60 })).not.toHaveProperty('reservation')
    expect(await settle(user, one, 10)).toMatchObject({ status: 200, allowed: true, used: 60, remaining: 40 })
    expect(await settle(user, two, 61)).toMatchObject({ allowed: false, used: 60 })
    expect(await settle(user, two, 60)).toMatchObject({ allowed: true, used: 100, remaining: 0 })
    expect(await giveBack(user, three)).toMatchObject({ status: 200, allowed: true, used: 70 })
    await tokens(user, 5)

    expect(await settle(user, one, 10)).toMatchObject({ allowed: true, used: 60 })
    expect(await giveBack(user, three)).toMatchObject({ allowed: true, used: 70 })
    const closed = { status: 409, error: { reason: 'RESERVATION_CLOSED' } }
    expect(await settle(user, one, 11)).toMatchObject(closed)
    expect(await giveBack(user, one)).toMatchObject(closed)
    expect(await settle(user, three, 1)).toMatchObject(closed)
    const unknown = { status: 404, error: { reason: 'RESERVATION_NOT_FOUND' } }
    expect(await settle(user, UNKNOWN_ID, 1)).toMatchObject(unknown)
    expect(await giveBack(await aCustomer(), one)).toMatchObject(unknown)
    expect(await usedBy(user)).toBe(75)
  })

  test.each(['settled', 'returned'])(
    'that is %s first stays so, whatever waits for the same reservation',
    async (first) => {
      const user = await aCustomer()
      const { reservation } = await tokens(user, 20, { reserve: 60 })
      const of = { id: user.id, reservation: reservation ?? '' }
      // Each waits on a connection of its own, as in two processes.
      const ends = [
        () => settleReservation(app.scope(), { ...of, amount: 3 }),
        () => returnReservation(app.scope(), of),
      ]
      if (first === 'returned') ends.reverse()
      const { em } = app.scope()
      const answers = await em.transactional(async (held) => {
        await held.execute('select from usage_counters where account_id = ? for update', [user.id])
        const ending: Promise<unknown>[] = []
        for (const end of ends) {
          ending.push(end().catch((error: unknown) => error))
          await expect.poll(() => waitingForALock(app)).toBe(ending.length)
        }
        return ending
      })
      const used = first === 'settled' ? 3 : 0
      expect(await answers[0]).toMatchObject({ allowed: true, used })
      expect(await answers[1]).toMatchObject({ reason: 'RESERVATION_CLOSED' })
      expect(await usedBy(user)).toBe(used)
      expect(await em.execute('select state, amount from usage_entries where account_id = ?', [user.id])).toEqual([
        { state: first, amount: String(used) },
      ])
    },
  )

  test('that is reserved gives itself back after its time, and can still be settled if there is room', async () => {
    const user = await aCustomer()
    const [one, two] = [await tokens(user, 60, { reserve: 30 }), await tokens(user, 40, { reserve: 60 })]
    expect(await tokens(user, 1)).toMatchObject({ allowed: false, used: 100 })
    app.clock.advance(31 * SECOND)
    expect(await usedBy(user)).toBe(40)
    expect(await tokens(user, 55)).toMatchObject({ allowed: true, used: 95 })
    expect(await settle(user, one.reservation, 6)).toMatchObject({ allowed: false, used: 95 })
    expect(await settle(user, one.reservation, 5)).toMatchObject({ allowed: true, used: 100 })

    app.clock.advance(30 * SECOND)
    expect(await usedBy(user)).toBe(60)
    expect(await giveBack(user, two.reservation)).toMatchObject({ allowed: true, used: 60 })
    await tokens(user, 10, { reserve: 1 })
    app.clock.advance(2 * SECOND)
    expect(await freeReservations(app.scope())).toBeGreaterThan(0)
    const { em } = app.scope()
    const open = "select count(*)::int from usage_entries where account_id = c.account_id and state = 'open'"
    const left = `select used, (${open}) as open from usage_counters c where account_id = ?`
    expect(await em.execute(left, [user.id])).toEqual([{ used: '60', open: 0 }])
  })

  test('that has expired counts neither in a settlement nor in what is given back', async () => {
    const user = await aCustomer()
    const [, two] = [await tokens(user, 60, { reserve: 30 }), await tokens(user, 30, { reserve: 600 })]
    app.clock.advance(31 * SECOND)
    expect(await settle(user, two.reservation, 80)).toMatchObject({ allowed: true, used: 80 })
    const [four] = [await tokens(user, 9, { reserve: 600 }), await tokens(user, 5, { reserve: 30 })]
    app.clock.advance(31 * SECOND)
    expect(await giveBack(user, four.reservation)).toMatchObject({ allowed: true, used: 80 })
  })

  test('that was reserved in one period counts there, also when it is settled in the next', async () => {
    const user = await aCustomer()
    const { reservation } = await tokens(user, 50, { reserve: 600 })
    await app
      .scope()
      .em.execute('update subscriptions set current_period_start = now() where account_id = ?', [user.id])
    expect(await tokens(user, 100)).toMatchObject({ allowed: true, used: 100 })
    expect(await settle(user, reservation, 90)).toMatchObject({ allowed: true, used: 90 })
    expect(await settle(user, reservation, 90)).toMatchObject({ allowed: true, used: 90 })
    expect(await usedBy(user)).toBe(100)
  })

  test('needs a service key with the scope', async () => {
    const user = await aCustomer()
    const reader = await aServiceKey(app, 'entitlements:read')
    expect(await usageCalls(() => ({ app, key: reader })).tokens(user, 1)).toMatchObject({ status: 403 })
    expect(await usedBy(user)).toBe(0)
  })
})

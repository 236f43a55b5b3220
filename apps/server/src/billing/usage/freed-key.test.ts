import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aGrant } from '../../../test/purchases.ts'
import { aServiceKey } from '../../../test/service-keys.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { plansToUse, usageCalls, waitingForALock } from '../../../test/usage-calls.ts'
import { consume } from './consume.ts'
import { returnReservation } from './return-reservation.ts'
import { settleReservation } from './settle-reservation.ts'

const SECOND = 1_000

describe('a key whose reservation has expired', () => {
  let app: TestApp
  let key: string
  beforeAll(async () => {
    app = await createTestApp({}, { worker: false })
    key = await aServiceKey(app, 'usage:write', 'entitlements:read')
    await plansToUse(app)
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const { tokens, usedBy } = usageCalls(() => ({ app, key }))

  test.each([
    ['count', 6],
    ['settle', 3],
    ['giveBack', 0],
  ] as const)('gets its answer again while another call that will %s frees it', async (name, used) => {
    const user = await app.aUser()
    await aGrant(app, user, 'small')
    const { reservation = '' } = await tokens(user, 5, { reserve: 600 })
    const first = await tokens(user, 2, { key: 'first', reserve: 1 })
    const other = {
      count: () => consume(app.scope(), { id: user.id, feature: 'ai.tokens', amount: 1, key: 'other' }),
      settle: () => settleReservation(app.scope(), { id: user.id, reservation, amount: 3 }),
      giveBack: () => returnReservation(app.scope(), { id: user.id, reservation }),
    }[name]
    const { em } = app.scope()
    const waiting = await em.transactional(async (held) => {
      await held.execute('select from usage_counters where account_id = ? for update', [user.id])
      const repeat = { id: user.id, feature: 'ai.tokens', amount: 2, key: 'late', reserve: 1 }
      const answers: Promise<unknown>[] = [consume(app.scope(), repeat)]
      await expect.poll(() => waitingForALock(app)).toBe(1)
      // As if another process had committed the key only now.
      await app.scope().em.execute("update usage_entries set key = 'late' where key = 'first'")
      app.clock.advance(2 * SECOND)
      answers.push(other())
      await expect.poll(() => waitingForALock(app)).toBe(2)
      return answers
    })
    const answers = await Promise.all(waiting)
    expect(answers[0]).toMatchObject({ allowed: true, used: first.used, reservation: first.reservation })
    expect(answers[1]).toMatchObject({ allowed: true })
    expect(await usedBy(user)).toBe(used)
  })
})

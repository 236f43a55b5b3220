import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { firstOf } from '../../../test/long.ts'
import { createLossyApp, type LossyApp } from '../../../test/lossy-app.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import type { FullScope } from '../../deps.ts'
import { OPERATOR } from '../../platform/audit/audit.ts'
import { SECOND } from '../../platform/durations.ts'
import { withTimeBudget, type CallingScope } from '../billing-scope.ts'
import { JOB_PROVIDER_BUDGET } from '../billing.settings.ts'
import { cancelSubscription } from '../changes/cancel-subscription.ts'
import { changePlan } from '../changes/change-plan.ts'
import { endForClosedAccount } from '../changes/end-for-closed-account.ts'
import { giveOwedCredit } from '../changes/give-owed-credit.ts'
import { resumeSubscription } from '../changes/resume-subscription.ts'
import { syncCheckout } from '../checkout/sync-checkout.ts'
import { returnLatePayment } from '../converge/return-late-payment.ts'
import { reverseSubscription } from '../converge/reverse-subscription.ts'
import { applyEvent } from '../events/apply-event.ts'
import { refundPayment } from '../payments/refund-payment.ts'
import type { PaymentGateway } from '../providers/payment-provider.ts'
import { reconcileObject } from '../upkeep/reconcile-object.ts'
import { underLock, type LockedScope } from './under-lock.ts'

describe('under the lock on a customer', () => {
  let app: LossyApp
  let users: PayingUser[]
  beforeAll(async () => {
    app = await createLossyApp()
    users = []
    while (users.length < CHOSEN.length) users.push(await aPayingUser(app, 'pro'))
    // Otherwise the jobs of the events that a test causes would take the same lock.
    await app.stopWorker()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const oneId = async (sql: string, userId: string) => {
    const [row] = await app.scope().em.execute<{ id: string }[]>(sql, [userId])
    return row?.id ?? ''
  }
  const mark = async (sql: string, userId: string) => void (await app.scope().em.execute(sql, [userId]))
  const subscriptionOf = ({ id }: PayingUser) => oneId('select id from subscriptions where user_id = ?', id)
  const paymentOf = ({ id }: PayingUser) => oneId('select id from payments where user_id = ?', id)

  test('logging in does not wait for the payment provider', async () => {
    const user = await app.aUser()
    await underLock(app.scope(), user.id, async () => {}) // from now on there is a customer row
    await underLock(app.scope(), user.id, async (_locked, customer) => {
      expect(customer.account.id).toBe(user.id)
      const { api } = await app.as(user)
      expect((await api.auth.me.query()).id).toBe(user.id)
    })
  })

  test('work gets a scope of the transaction, and no other scope passes for it, not even a copy', async () => {
    const user = await app.aUser()
    const copy = await underLock(app.scope(), user.id, async (locked) => {
      expect(locked.em.isInTransaction()).toBe(true)
      // oxlint-disable-next-line typescript/no-misused-spread -- to show what a copy is to the compiler
      return { ...locked }
    })
    expectTypeOf(copy).toExtend<CallingScope>()
    expectTypeOf(copy).not.toExtend<LockedScope>()
    expectTypeOf<CallingScope>().not.toExtend<LockedScope>()
  })

  test('a second lock in the same transaction is refused', async () => {
    const user = await app.aUser()
    const nested = underLock(app.scope(), user.id, (locked) => underLock(locked, user.id, async () => {}))
    await expect(nested).rejects.toThrow('inside another transaction')
  })

  /** Cuts every time budget to a tenth, to keep the tests short. */
  const inAHurry = (scope: FullScope): FullScope => ({
    ...scope,
    billing: { ...scope.billing, provider: hurried(scope.billing.provider) },
  })
  const hurried = <P extends PaymentGateway>(provider: P): P => ({
    ...provider,
    withTimeBudget: (ms: number) => hurried(provider.withTimeBudget(ms / 10)),
  })

  const LOCKING: readonly [string, (scope: FullScope, user: PayingUser) => Promise<unknown>][] = [
    [
      'applying an event',
      async (scope, user) => {
        const eventId = await oneId(
          `update provider_events set status = 'received' where id = (
             select id from provider_events where type = 'customer.subscription.created'
               and payload->'data'->'object'->>'customer' = ? limit 1) returning id`,
          user.stripeCustomerId,
        )
        return applyEvent(scope, { eventId })
      },
    ],
    ['canceling', async (scope, { id: accountId }) => cancelSubscription(scope, { accountId })],
    [
      'changing the plan',
      async (scope, { id: accountId }) =>
        changePlan(withTimeBudget(scope, JOB_PROVIDER_BUDGET), { accountId, planCode: 'vip' }),
    ],
    [
      'reversing a subscription',
      async (scope, user) => {
        await mark('update subscriptions set reversed_at = now() where user_id = ?', user.id)
        return reverseSubscription(withTimeBudget(scope, JOB_PROVIDER_BUDGET), {
          subscriptionId: await subscriptionOf(user),
        })
      },
    ],
    [
      'returning a late payment',
      async (scope, user) => {
        await mark('update users set is_active = false where id = ?', user.id)
        return returnLatePayment(withTimeBudget(scope, JOB_PROVIDER_BUDGET), { paymentId: await paymentOf(user) })
      },
    ],
    [
      'giving the credit of a change',
      async (scope, user) => giveOwedCredit(scope, { subscriptionId: await subscriptionOf(user) }),
    ],
    [
      'ending what a closed account has',
      async (scope, user) => {
        await mark('update users set is_active = false where id = ?', user.id)
        return endForClosedAccount(scope, { accountId: user.id })
      },
    ],
    [
      'reconciling an object',
      async (scope, user) => {
        const id = await oneId('select provider_subscription_id as id from subscriptions where user_id = ?', user.id)
        return reconcileObject(scope, new Date(), { kind: 'subscription', id, accountId: user.id })
      },
    ],
    [
      'resuming',
      async (scope, { id: userId }) => {
        await mark('update subscriptions set cancel_at_period_end = true where user_id = ?', userId)
        return resumeSubscription(scope, { accountId: userId })
      },
    ],
    [
      'syncing a checkout',
      async (scope, { id: accountId, sessionId }) => syncCheckout(scope, { accountId, sessionId }),
    ],
    [
      'refunding a payment',
      async (scope, user) =>
        refundPayment(withTimeBudget(scope, JOB_PROVIDER_BUDGET), OPERATOR, { id: await paymentOf(user) }),
    ],
  ]
  const CHOSEN = firstOf(3, LOCKING)
  test.each(CHOSEN)('%s gives the lock back in time when Stripe stops answering', async (_what, work) => {
    const user = users.pop()
    if (!user) throw new Error('There is a paying user for each test.')
    const locked: number[] = []
    app.proxy.stallWhile(async () => {
      const isLocked = await isHeld(user.id)
      if (isLocked) locked.push(performance.now())
      return isLocked
    })
    const failure = await work(inAHurry(app.scope()), user).catch((error: unknown) => error)
    const held = performance.now() - (locked[0] ?? Number.NaN)
    app.proxy.stallWhile(undefined)

    expect(failure).toMatchObject({ reason: 'PAYMENT_PROVIDER_ERROR' })
    // The budget is 1 s here. Without it, a single call would take at least 4 s.
    expect(held).toBeLessThan(3 * SECOND)
    expect(await isHeld(user.id)).toBe(false)
  })

  async function isHeld(userId: string): Promise<boolean> {
    const [row] = await app
      .scope()
      .em.execute('select 1 from customers where user_id = ? for update skip locked', [userId])
    return row === undefined
  }
})

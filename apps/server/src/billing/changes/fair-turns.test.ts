import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { SECOND } from '../../platform/durations.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp()))
afterAll(() => app[Symbol.asyncDispose]())

/** Holds the lock as a webhook's job does while it calls Stripe. */
async function holdCustomer(user: TestUser): Promise<{ letGo(): Promise<void> }> {
  const [held, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const transaction = app.scope().em.transactional(async (em) => {
    await em.execute('select 1 from customers where user_id = ? for update', [user.id])
    held.resolve()
    await done.promise
  })
  await held.promise
  return {
    async letGo() {
      done.resolve()
      await transaction
    },
  }
}

test('One user’s waiting calls do not delay other users', async () => {
  const [impatient, other] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'pro')]
  const { subscriptions: theirs } = (await app.as(other)).api.billing
  const { subscriptions } = (await app.as(impatient)).api.billing
  const lock = await holdCustomer(impatient)
  const { sessionId } = impatient
  const calls = Array.from({ length: 8 }, () => reasonOf(subscriptions.sync.mutate({ sessionId })))
  await expect.poll(async () => waitingForALock()).toBeGreaterThan(0)

  const canceled = await Promise.race([theirs.cancel.mutate(), sleep(5 * SECOND, 'kept waiting')])
  const waiting = await waitingForALock()
  await lock.letGo()
  expect(canceled).toMatchObject({ cancelAtPeriodEnd: true })
  expect(waiting).toBe(1)
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['fine']))
})

test('Clients that send their request bodies slowly do not delay other users', async () => {
  const { subscriptions } = (await app.as(await aPayingUser(app, 'pro'))).api.billing
  const { port } = new URL(app.url)
  const sockets = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const { session } = await app.as(await app.aUser())
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(
        `POST /billing/subscriptions/change HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${session.current?.accessToken}\r\n` +
          'Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{',
      )
      return socket
    }),
  )
  await sleep(SECOND) // until they have passed the guards
  const canceled = await Promise.race([subscriptions.cancel.mutate(), sleep(8 * SECOND, 'kept waiting')])
  for (const socket of sockets) socket.destroy()
  expect(canceled).toMatchObject({ cancelAtPeriodEnd: true })
})

async function waitingForALock(): Promise<number> {
  const rows = await app
    .scope()
    .em.execute("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
  return rows.length
}

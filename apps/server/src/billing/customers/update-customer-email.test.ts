import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLossyApp, type LossyApp } from '../../../test/lossy-app.ts'
import { stripeClient } from '../../../test/stripe.ts'
import type { TestUser } from '../../../test/test-app.ts'
import { updateCustomerEmail } from './update-customer-email.ts'

let app: LossyApp
beforeAll(async () => (app = await createLossyApp()))
afterAll(() => app[Symbol.asyncDispose]())

/** Changes the address, and runs the job that tells Stripe. */
async function move({ id }: TestUser, email: string): Promise<void> {
  await app.scope().em.execute('update users set email = ? where id = ?', [email, id])
  await updateCustomerEmail(app.scope(), { userId: id })
}

const subscribe = async (user: TestUser) =>
  (await app.as(user)).api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })

/** The addresses of the user's customers at Stripe. */
async function addressesOf({ id }: TestUser): Promise<(string | null)[]> {
  const { data } = await stripeClient(app).customers.list({ limit: 100 })
  return data.filter(({ metadata }) => metadata['user_id'] === id).map(({ email }) => email)
}

test('of two changes in a row the last one stays at Stripe, although the call of the first is late', async () => {
  const user = await app.aUser()
  await subscribe(user)
  let second: Promise<void> | undefined
  app.proxy.meanwhile('POST /v1/customers/', async () => {
    second = move(user, `second-${user.email}`)
    await Promise.race([second, sleep(1_000)])
  })
  await move(user, `first-${user.email}`)
  await second
  expect(await addressesOf(user)).toEqual([`second-${user.email}`])
})

test('an address that changes while Stripe makes the customer reaches Stripe', async () => {
  const user = await app.aUser()
  app.proxy.meanwhile('POST /v1/customers', () => move(user, `new-${user.email}`))
  await subscribe(user)
  expect(await addressesOf(user)).toEqual([`new-${user.email}`])
})

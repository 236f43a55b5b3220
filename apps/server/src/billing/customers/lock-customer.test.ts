import { expect, test } from 'vitest'
import { createTestApp } from '../../../test/test-app.ts'
import { lockCustomer } from './lock-customer.ts'

test("a customer's lock holds up nobody who logs in, however long the provider takes meanwhile", async () => {
  await using app = await createTestApp({}, { worker: false })
  const user = await app.aUser()
  const scope = app.scope()
  const whileLocked = async (work: () => Promise<void>) =>
    scope.em.transactional(async (em) => {
      const customer = await lockCustomer({ ...scope, em }, { userId: user.id })
      expect(customer.user.$.email).toBe(user.email)
      await work()
    })

  await whileLocked(async () => {}) // from now on he is a customer
  await whileLocked(async () => {
    const { api } = await app.as(user)
    expect((await api.auth.me.query()).id).toBe(user.id)
  })
})

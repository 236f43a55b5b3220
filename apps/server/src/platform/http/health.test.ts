import { expect, test } from 'vitest'
import { createTestApp } from '../../../test/test-app.ts'

test('the server is ready only with the tables and queues of its version, and alive without them', async () => {
  await using app = await createTestApp({}, { worker: false })
  const { em } = app.scope()
  const readiness = async () => (await fetch(`${app.url}/readyz`)).status
  expect(await readiness()).toBe(200)

  const [migration] = await em.execute<{ name: string }[]>(
    'delete from migrations where id = (select max(id) from migrations) returning name',
  )
  expect(await readiness()).toBe(503)
  await em.execute('insert into migrations (name) values (?)', [migration?.name])
  expect(await readiness()).toBe(200)

  await app.deps.boss.deleteQueue('settle-change')
  expect(await readiness()).toBe(503)
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
})

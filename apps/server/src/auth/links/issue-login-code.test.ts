import { expect, test } from 'vitest'
import { createTestApp } from '../../../test/test-app.ts'
import { issueLoginCode } from './issue-login-code.ts'

test('a login code is issued only for the address that an active account has at that moment', async () => {
  await using app = await createTestApp({}, { worker: false })
  const user = await app.aUser()
  const issue = (email: string) => issueLoginCode(app.scope(), { userId: user.id, email })
  expect(await issue(user.email)).toMatch(/^\d{6}$/)

  await app.scope().em.execute('update users set email = ? where id = ?', [`moved-${user.email}`, user.id])
  await app.scope().em.execute('delete from login_codes')
  expect(await issue(user.email)).toBeNull()
  expect(await app.scope().em.execute('select 1 from login_codes')).toEqual([])
  expect(await issue(`moved-${user.email}`)).toMatch(/^\d{6}$/)

  await app.scope().em.execute('update users set is_active = false where id = ?', [user.id])
  expect(await issue(`moved-${user.email}`)).toBeNull()
})

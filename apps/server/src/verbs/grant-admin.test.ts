import { expect, test, vi } from 'vitest'
import { createTestApp } from '../../test/test-app.ts'
import { makeAdmin } from './grant-admin.ts'

test('grant-admin makes an account an administrator, once, and reports an unknown or invalid address', async () => {
  await using app = await createTestApp({}, { worker: false })
  const user = await app.aUser({ isVerified: false })
  const lines: string[] = []
  const heard = ['log', 'error'] as const
  const spies = heard.map((name) => vi.spyOn(console, name).mockImplementation((line: string) => void lines.push(line)))
  const grant = (address: string) => makeAdmin(app.deps.config, app.deps.log, [address])
  try {
    expect(await grant(` ${user.email.toUpperCase()} `)).toBe(0)
    expect(await grant(user.email)).toBe(0)
    expect(await grant('nobody@example.com')).toBe(1)
    expect(await grant('nobody')).toBe(1)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  const notYet = expect.stringContaining('once they verify their address')
  expect(lines).toEqual([
    ...[`${user.email} is now an administrator.`, notYet],
    ...[`${user.email} is already an administrator.`, notYet],
    ...['nobody@example.com: This user does not exist. Sign up with this address first.'],
    'nobody: not an email address.',
  ])
  const { em } = app.scope()
  expect(await em.execute('select is_admin, is_verified from users where id = ?', [user.id])).toEqual([
    { is_admin: true, is_verified: false },
  ])
  expect(await em.execute('select actor_id, action, before, after from audit_entries')).toEqual([
    { actor_id: null, action: 'user.grant_admin', before: { isAdmin: false }, after: { isAdmin: true } },
  ])
})

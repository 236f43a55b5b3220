import { expect, test } from 'vitest'
import { localPath, logInPath } from './local-path.ts'

test.each(['/', '/plans', '/checkout/success?session_id=cs_1', '/subscription#payments'])(
  'accepts %s, a path on this site',
  (path) => {
    expect(localPath(path)).toBe(path)
  },
)

test.each([
  null,
  '',
  'plans',
  'https://other.example/',
  '//other.example/plans',
  String.raw`/\other.example`,
  String.raw`\\other.example`,
  '/\t/other.example',
  '/.//other.example',
  '/plans/..//other.example',
  'javascript:alert(1)',
  ' /plans',
  '//[',
])('rejects %j', (address) => {
  expect(localPath(address)).toBeNull()
})

test('the login path keeps where the user came from and why', () => {
  expect(logInPath(null)).toBe('/login')
  expect(logInPath('/plans?a=1&b=2')).toBe('/login?redirectTo=%2Fplans%3Fa%3D1%26b%3D2')
  expect(logInPath('/plans', 'REFRESH_TOKEN_REUSED')).toBe('/login?redirectTo=%2Fplans&error=REFRESH_TOKEN_REUSED')
})

import { describe, expect, test } from 'vitest'
import { localPath } from './local-path.ts'

const WEB = 'https://console.example'

/** Each of these has redirected users of some product to an attacker's page. */
const LEADS_AWAY: unknown[] = [
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/%2Fevil.example',
  '/%2fevil.example',
  '%2F%2Fevil.example',
  '/%5Cevil.example',
  '/%255Cevil.example',
  '/%252F/evil.example',
  '/a/../../evil.example',
  '/..//evil.example',
  '/%2e%2e//evil.example',
  '/./%2Fevil.example',
  '/a//evil.example',
  'https:evil.example',
  'https://evil.example',
  'HTTPS://evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '@evil.example',
  '/@evil.example',
  '/%40evil.example',
  '.evil.example',
  ':80@evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/%09/evil.example',
  '/%0d%0aSet-Cookie:a=b',
  '\u2028//evil.example',
  '/\u2028/evil.example',
  ' //evil.example',
  '',
  'evil.example',
  '/%',
  `/${'a'.repeat(3000)}`,
  ['/a', '/b'],
  { path: '/a' },
  null,
  undefined,
]

describe('the page after a login', () => {
  test.each(LEADS_AWAY)('is `/` for %o', (wanted) => {
    expect(localPath(wanted, WEB)).toBe('/')
  })

  test.each([
    '/',
    '/plans',
    '/subscription?from=login&x=1',
    '/a/b-c/d.e#part',
    '/%C3%A4',
    '/search?q=https://a.example/',
  ])('is %s, a path of the console', (wanted) => expect(localPath(wanted, WEB)).toBe(wanted))

  test('is below the console’s own path, if it has one', () => {
    const below = `${WEB}/app`
    expect(localPath('/plans', below)).toBe('/plans')
    for (const wanted of ['/../admin', '/%2e%2e/admin', '/a/../../admin', '/..'])
      expect(localPath(wanted, below)).toBe('/')
  })

  test('is encoded as the browser will read it', () => {
    expect(localPath('/ä?q="<', WEB)).toBe('/%C3%A4?q=%22%3C')
  })
})

import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'
import { createTollgateClient } from './create-client.ts'
import { errorText, reasonText } from './texts.ts'
import { en, textOf, textOfReason } from './texts/index.ts'

test('reasonText says what a reason means, and shows no unknown text', () => {
  expect(reasonText('LOGGED_IN_ELSEWHERE')).toContain('You logged in on another device')
  expect(reasonText('OAUTH_DENIED')).toContain('You did not allow the login')
  for (const made of ['call 0800 now', 'toString', '__proto__', '']) {
    expect(reasonText(made)).toBe('Something went wrong on our side. Please try again in a moment.')
  }
})

test('errorText says how long to wait, and whether the backend was reached', () => {
  const refused = (reason: string, retryAfter?: number) =>
    TRPCClientError.from({ error: { message: '', code: -1, data: { reason, retryAfter, code: '', httpStatus: 429 } } })
  expect(errorText(refused('RATE_LIMITED', 40))).toBe('Too many attempts. Please try again in 40 seconds.')
  expect(errorText(refused('RATE_LIMITED', 40), 39)).toBe('Too many attempts. Please try again in a second.')
  expect(errorText(refused('RATE_LIMITED', 40), 41)).toBe('Too many attempts. Please try again now.')
  expect(errorText(refused('EMAIL_TAKEN'))).toBe('An account with this address already exists.')
  expect(errorText(new Error('fetch failed'))).toBe('We could not reach the server. Are you online?')
})

test('a translation is used, with the values of the error, and English for what it leaves out', () => {
  const data = { code: '', httpStatus: 403 }
  const error = (more: object) =>
    TRPCClientError.from({ error: { message: 'As the server says.', code: -1, data: { ...data, ...more } } })
  const texts = { BUSY: 'Bitte {wait} noch einmal.', IN_A_MOMENT: 'gleich', OWN: 'Eigenes: {message}' }
  const german = { texts, locale: 'de' }
  expect(textOf(error({ reason: 'BUSY', retryAfter: 150 }), german)).toBe('Bitte in 3 Minuten noch einmal.')
  expect(textOf(error({ reason: 'BUSY' }), german)).toBe('Bitte gleich noch einmal.')
  expect(textOf(error({ reason: 'OWN' }), german)).toBe('Eigenes: As the server says.')
  expect(textOf(error({ reason: 'EMAIL_TAKEN' }), german)).toBe(en.EMAIL_TAKEN)
  const plan = { texts: { PLAN_REQUIRED: 'Take {planCode}.' } }
  expect(textOf(error({ reason: 'PLAN_REQUIRED', unlockedBy: { planCode: 'pro' } }), plan)).toBe('Take pro.')
  expect(textOf(error({ reason: 'PLAN_REQUIRED' }), plan)).toBe('Take.')
  expect(textOfReason('BUSY', german)).toBe('Bitte gleich noch einmal.')
  expect(textOf(error({ reason: 'CODE_NOT_VALID' }))).toBe('As the server says.')
})

test('every English text names only values that it gets', () => {
  const named = Object.values(en).flatMap((text) => [...text.matchAll(/\{(.*?)\}/g)].map(([, name]) => name))
  expect([...new Set(named)]).toEqual(['wait'])
})

test('oauthUrl leads to the login with a provider and back to a page', () => {
  const { oauthUrl } = createTollgateClient({ url: 'https://api.example/base/' })
  expect(oauthUrl('github')).toBe('https://api.example/base/github/login')
  expect(oauthUrl('google', '/plans?a=1&b')).toBe(
    'https://api.example/base/google/login?redirectTo=%2Fplans%3Fa%3D1%26b',
  )
  expect(oauthUrl('google', { returnTo: '/plans?a=1&b' })).toBe(oauthUrl('google', '/plans?a=1&b'))
  expect(oauthUrl('github', { returnTo: undefined })).toBe(oauthUrl('github'))
})

import { expect, test } from 'vitest'
import { formatDay, formatDuration, formatMinute, plainName } from './format.ts'
import { en } from './texts/en.ts'

test("formatDay and formatMinute show moments in UTC, in a reader's time zone, or in that of a provider that counts days", () => {
  expect(formatDay(en, '2026-11-24T23:30:00Z')).toBe('24 November 2026 (UTC)')
  expect(formatMinute(en, '2026-11-24T03:42:10Z')).toBe('24 November 2026 at 03:42 UTC')
  const inBerlin = { ...en, timeZone: 'Europe/Berlin' }
  expect(formatDay(inBerlin, '2026-11-24T23:30:00Z')).toBe('25 November 2026 (CET)')
  expect(formatMinute(inBerlin, '2026-07-24T23:30:00Z')).toBe('25 July 2026 at 01:30 CEST')
  const inCairo = { ...inBerlin, providerZone: 'Africa/Cairo' }
  expect(formatDay(inCairo, '2026-11-24T22:00:00Z')).toBe('25 November 2026 (Cairo time)')
  expect(formatMinute(inCairo, '2026-11-24T22:00:00Z')).toBe('25 November 2026 at 00:00 Cairo time')
})

test.each([
  [60_000, '1 minute'],
  [899_900, '15 minutes'],
  [3_599_000, '1 hour'],
  [86_399_000, '24 hours'],
  [604_799_000, '7 days'],
])('formatDuration shows %d ms as %s', (ms, text) => {
  expect(formatDuration(en, ms)).toBe(text)
})

test('plainName leaves nothing that a mail program would turn into a link', () => {
  for (const name of ['Win at evil.example', 'https://evil.example/a', 'www.evil.example', 'mailto:a@evil.example']) {
    expect(plainName(name)).not.toMatch(/evil\.example|https?:\/\/|www\.evil|a@evil/)
    expect(plainName(name).replaceAll('\u2060', '')).toBe(name)
  }
  expect(plainName('Smith & Sons Ltd.')).toBe('Smith & Sons Ltd.')
})

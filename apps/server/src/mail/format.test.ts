import { expect, test } from 'vitest'
import { formatDay, formatDuration, formatMinute } from './format.ts'

test('formatDay and formatMinute show moments in UTC', () => {
  expect(formatDay('2026-11-24T23:30:00Z')).toBe('24 November 2026 (UTC)')
  expect(formatMinute('2026-11-24T03:42:10Z')).toBe('24 November 2026 at 03:42 UTC')
})

test.each([
  [60_000, '1 minute'],
  [899_900, '15 minutes'],
  [3_599_000, '1 hour'],
  [86_399_000, '24 hours'],
])('formatDuration shows %d ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

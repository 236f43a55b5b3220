import { expect, test } from 'vitest'
import { formatDay } from './dates.ts'
import { describeDiscounts } from './discounts.ts'

const plain = { name: null, percentOff: null, amountOffCents: null, endsAt: null } as const
const end = new Date('2027-02-27T22:00:00Z')

test('a running discount says what it takes off, and until when', () => {
  const describe = (...discounts: Parameters<typeof describeDiscounts>[0]['discounts']) =>
    describeDiscounts({ discounts, currency: 'usd', timeZone: 'UTC' })
  expect(describe()).toBe('')
  expect(describe({ ...plain, name: 'Launch', percentOff: 12.5, duration: 'repeating', endsAt: end })).toBe(
    `Launch: 12.5% off until ${formatDay(end, 'UTC')}`,
  )
  expect(
    describe({ ...plain, amountOffCents: 500, duration: 'forever' }, { ...plain, percentOff: 50, duration: 'once' }),
  ).toBe('$5.00 off · 50% off the next invoice')
})

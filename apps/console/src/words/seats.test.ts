import { expect, test } from 'vitest'
import { formatPrice } from './price.ts'
import { describePlanSeats, describeSeatPrice, describeSeats } from './seats.ts'

const plan = {
  prices: [] as [],
  id: '1',
  code: 'team',
  name: 'Team',
  description: null,
  sortOrder: 0,
  highlighted: false,
  priceCents: 2_000,
  currency: 'usd',
  billingPeriod: 'monthly',
  tier: 'pro',
  tierRank: 10,
  trialDays: 0,
  features: {},
  isActive: true,
  provider: 'stripe',
} as const

test('a plan says how many members it is for, and what further ones cost', () => {
  expect(describePlanSeats({ ...plan, seats: null })).toBeNull()
  expect(describePlanSeats({ ...plan, seats: { included: 1, perSeatCents: null, max: null } })).toBe(
    'For up to 1 member',
  )
  const perSeat = { ...plan, seats: { included: 3, perSeatCents: 500, max: 20 } }
  expect(describePlanSeats(perSeat)).toBe('Includes 3 members. Each further member costs $5.00 a month, up to 20.')
  expect(formatPrice(perSeat)).toBe('$20.00 a month, plus $5.00 for each member above 3')
})

test('an organization says how many seats are taken', () => {
  expect(describeSeats(null)).toBeNull()
  expect(describeSeats({ used: 2, included: 5, max: 5 })).toBe('2 of 5 seats taken.')
  expect(describeSeats({ used: 2, included: 3, max: 20 })).toBe(
    "2 of 20 seats taken. The plan's price includes 3 members.",
  )
  expect(describeSeats({ used: 1, included: 3, max: null })).toBe("1 member. The plan's price includes 3 members.")
})

test('an invitation says what it costs when the person joins', () => {
  expect(describeSeatPrice(null)).toBe('')
  const price = { dueNowCents: 0, nextPaymentCents: 3_000, currency: 'usd' }
  expect(describeSeatPrice(price)).toBe('When they join, your next payment becomes $30.00.')
  expect(describeSeatPrice({ ...price, dueNowCents: 500 })).toBe(
    'When they join, you pay $5.00, and $30.00 with the next payment.',
  )
})

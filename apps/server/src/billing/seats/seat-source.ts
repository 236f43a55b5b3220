import type { SeatSource } from '../../accounts/index.ts'
import { withTimeBudget, type BillingDeps } from '../billing-scope.ts'
import { priceOfOneMore } from './price-of-one-more.ts'
import { readSeats } from './read-seats.ts'

/** Answers what accounts ask about seats, from the account's subscription. */
export function createSeatSource(billing: BillingDeps): SeatSource {
  return {
    readSeats: (scope, accountId) => readSeats({ ...scope, billing }, accountId),
    priceOfOneMore: (scope, accountId) => priceOfOneMore(withTimeBudget({ ...scope, billing }), accountId),
  }
}

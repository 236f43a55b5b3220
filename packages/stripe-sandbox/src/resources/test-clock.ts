import type Stripe from 'stripe'
import type { TestClockRow } from '../state/rows/clock.ts'
import type { Wire } from '../wire.ts'

export function serializeTestClock(row: TestClockRow): Wire<Stripe.TestHelpers.TestClock> {
  const { target, ...shown } = row
  return {
    ...shown,
    object: 'test_helpers.test_clock',
    livemode: false,
    status_details: target === null ? {} : { advancing: { target_frozen_time: target } },
  }
}

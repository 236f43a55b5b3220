import { boundary } from '../../billing/periods.ts'
import { invalidRequest, missingParam } from '../../http/errors.ts'
import { hash, integer, list, oneOf, required, string, timestamp, type ParamValue } from '../../http/params.ts'
import { randomText } from '../../ids.ts'
import type { Account } from '../../state/account.ts'
import type { BillingSchedule } from '../../state/rows/subscription.ts'
import { inParam } from '../lookup.ts'

/** Until when some or all items are billed in advance. */
export const BILLING_SCHEDULES = list(
  hash({
    applies_to: list(hash({ price: string(), type: required(oneOf('price')) })),
    bill_until: hash({
      duration: hash({
        interval: required(oneOf('day', 'month', 'week', 'year')),
        interval_count: integer({ min: 1, max: 365 * 5 }),
      }),
      timestamp: timestamp(),
      type: required(oneOf('duration', 'timestamp')),
    }),
    key: string({ max: 200 }),
  }),
  { max: 20 },
)

type Given = ParamValue<typeof BILLING_SCHEDULES>
type Until = NonNullable<Given[number]['bill_until']>

/**
 * Reads how far in advance a request wants items to be billed. A schedule that only repeats the key of a present one
 * keeps it.
 *
 * @param list the parameter that has them.
 * @throws {StripeApiError} 400 for a key that is used twice, or without an end.
 */
export function readBillingSchedules(
  account: Account,
  given: Given,
  { list: name, now, present = [] }: { list: string; now: number; present?: readonly BillingSchedule[] | undefined },
): BillingSchedule[] {
  const schedules = given.map(({ applies_to, bill_until, key }, index): BillingSchedule => {
    const param = `${name}[${index}]`
    if (key !== undefined && !/^[\da-z]+$/i.test(key))
      throw invalidRequest('The key of a billing schedule must be alphanumeric.', { param: `${param}[key]` })
    const kept = present.find((each) => each.key === key)
    if (kept && bill_until === undefined && applies_to === undefined) return kept
    if (bill_until === undefined) throw missingParam(`${param}[bill_until]`)
    return {
      key: key ?? randomText(16),
      applies_to:
        applies_to?.map(({ price, type }, place) => {
          const path = `${param}[applies_to][${place}][price]`
          if (price === undefined) throw missingParam(path)
          return { price: inParam(account.prices, price, 'price', path).id, type }
        }) ?? null,
      bill_until: readUntil(bill_until, now, `${param}[bill_until]`),
    }
  })
  const twice = schedules.findIndex(({ key }, index) => schedules.findIndex((each) => each.key === key) < index)
  if (twice >= 0)
    throw invalidRequest('The keys of billing schedules must be unique.', { param: `${name}[${twice}][key]` })
  return schedules
}

function readUntil(
  { duration, timestamp: time, type }: Until,
  now: number,
  param: string,
): BillingSchedule['bill_until'] {
  if (type === 'timestamp') {
    if (time === undefined) throw missingParam(`${param}[timestamp]`)
    return { computed_timestamp: time, duration: null, timestamp: time, type }
  }
  if (duration === undefined) throw missingParam(`${param}[duration]`)
  const { interval, interval_count = 1 } = duration
  const computed_timestamp = boundary(now, { interval, interval_count }, 1)
  return { computed_timestamp, duration: { interval, interval_count }, timestamp: null, type }
}

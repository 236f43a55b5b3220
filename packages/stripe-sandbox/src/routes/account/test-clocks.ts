import { arrive } from '../../clock/arrive.ts'
import type { Timelines } from '../../clock/timelines.ts'
import { emit } from '../../events/emit.ts'
import { invalidRequest } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { hash, required, string, timestamp } from '../../http/params.ts'
import { route, type Route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeTestClock } from '../../resources/test-clock.ts'
import type { Account } from '../../state/account.ts'
import { DAY, wallNow } from '../../time.ts'
import { customerInParam, inPath } from '../lookup.ts'

const PERIOD_DAYS = { day: 1, week: 7, month: 31, year: 366 }

/**
 * The routes of test clocks. Like Stripe's, an advance answers `advancing` and does its work afterwards.
 *
 * @see https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage
 */
export function testClockRoutes(timelines: Timelines): Route[] {
  return [
    route(
      'POST',
      '/test_helpers/test_clocks',
      hash({ frozen_time: required(timestamp()), name: string({ max: 300 }), customer: string() }),
      ({ account, params }) => {
        const row = account.testClocks.insert({
          id: newId('clock'),
          created: wallNow(),
          frozen_time: params.frozen_time,
          name: params.name ?? null,
          status: 'ready',
          target: null,
          deletes_after: wallNow() + 30 * DAY,
        })
        if (params.customer !== undefined) {
          const { id } = customerInParam(account, params.customer)
          if (account.subscriptions.by('customer', id).length > 0)
            throw invalidRequest('In this sandbox, only a customer without subscriptions can be put on a test clock.', {
              param: 'customer',
            })
          account.customers.patch(id, { test_clock: row.id })
        }
        emit(account, 'test_helpers.test_clock.created', serializeTestClock(row))
        return serializeTestClock(row)
      },
    ),
    route('GET', '/test_helpers/test_clocks/:id', hash({}), ({ account, id }) =>
      serializeTestClock(inPath(account.testClocks, id, 'test_helpers.test_clock')),
    ),
    route('GET', '/test_helpers/test_clocks', hash(PAGE), ({ account, params }) =>
      page('/v1/test_helpers/test_clocks', account.testClocks.all(), params, serializeTestClock),
    ),
    route(
      'POST',
      '/test_helpers/test_clocks/:id/advance',
      hash({ frozen_time: required(timestamp()) }),
      ({ account, id, params }) => {
        const clock = inPath(account.testClocks, id, 'test_helpers.test_clock')
        if (clock.status === 'advancing')
          throw invalidRequest('You cannot advance a test clock that is already advancing.')
        if (params.frozen_time <= clock.frozen_time)
          throw invalidRequest('The new frozen time must be after the current one: a test clock only moves forward.', {
            param: 'frozen_time',
          })
        const furthest = clock.frozen_time + maximumAdvance(account, id)
        if (params.frozen_time > furthest) {
          throw invalidRequest(
            'You can advance a test clock by at most two intervals of the shortest subscription on it (two years without one).',
            { param: 'frozen_time' },
          )
        }
        const row = account.testClocks.patch(id, { status: 'advancing', target: params.frozen_time })
        emit(account, 'test_helpers.test_clock.advancing', serializeTestClock(row))
        setImmediate(() => arrive(account, timelines, id))
        return serializeTestClock(row)
      },
    ),
    route('DELETE', '/test_helpers/test_clocks/:id', hash({}), ({ account, id }) => {
      const row = inPath(account.testClocks, id, 'test_helpers.test_clock')
      for (const customer of account.customers.by('test_clock', id)) removeCustomer(account, customer.id)
      account.testClocks.remove(id)
      emit(account, 'test_helpers.test_clock.deleted', serializeTestClock(row))
      return { id, object: 'test_helpers.test_clock', deleted: true }
    }),
  ]
}

/** How far a clock may advance at once, in seconds. */
function maximumAdvance(account: Account, id: string): number {
  const live = account.customers
    .by('test_clock', id)
    .flatMap((customer) => account.subscriptions.by('customer', customer.id))
    .filter((row) => row.ended_at === null)
  const lengths = live
    .flatMap((row) => row.items)
    .map((item) => {
      const { recurring } = account.prices.get(item.price)
      return recurring ? PERIOD_DAYS[recurring.interval] * recurring.interval_count : 366
    })
  return 2 * Math.min(366, ...lengths) * DAY
}

/** Deletes a customer of a deleted clock, with their subscriptions, schedules and invoices. */
function removeCustomer(account: Account, id: string): void {
  for (const row of account.subscriptions.by('customer', id)) account.subscriptions.remove(row.id)
  for (const row of account.schedules.by('customer', id)) account.schedules.remove(row.id)
  for (const row of account.invoiceItems.by('customer', id)) account.invoiceItems.remove(row.id)
  for (const row of account.invoices.by('customer', id)) {
    for (const payment of account.invoicePayments.by('invoice', row.id)) account.invoicePayments.remove(payment.id)
    for (const note of account.creditNotes.by('invoice', row.id)) account.creditNotes.remove(note.id)
    account.invoices.remove(row.id)
  }
  account.customers.patch(id, { deleted: true, test_clock: null, default_payment_method: null })
}

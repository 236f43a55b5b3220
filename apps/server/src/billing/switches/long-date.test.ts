import { expect, test } from 'vitest'
import { aPaymobPlan, payAtPaymob } from '../../../test/paymob-purchases.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { advanceSettled, billingFor, moneyOf, settledAtBoth } from '../../../test/switches.ts'
import { createTestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../platform/durations.ts'
import { createCalendar } from '../providers/paymob/dates.ts'

const calendar = createCalendar('egy_sk_test_')

/** The beginning of the next date that has 25 hours, because the clocks go back. */
function nextLongDate(from: Date): Date {
  for (let days = 10; days < 400; days += 1) {
    const start = calendar.startOf(calendar.dateOf(after(from, days * DAY)))
    if (calendar.dateOf(after(start, 24 * HOUR)) === calendar.dateOf(start)) return start
  }
  throw new Error('Egypt has no date of 25 hours any more.')
}

test('a switch begins on a date of 25 hours, even if the current plan ends in its last hour', async () => {
  await using app = await createTestApp({}, { paymob: true })
  await aPaymobPlan(app, 'pro-egp', 90_000)
  const user = await aPayingUser(app, 'pro')
  const start = nextLongDate(app.stripe.now())
  const end = after(start, 24 * HOUR + 30 * MINUTE)
  const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
  const trial_end = end.getTime() / SECOND
  await stripeClient(app).subscriptions.update(id, { trial_end, proration_behavior: 'none' })
  await settledAtBoth(app)
  const billing = await billingFor(app, user)
  const { current, switch: open, upcoming } = billing.subscriptions
  await payAtPaymob(app, (await open.mutate({ planCode: 'pro-egp' })).sessionId)
  await settledAtBoth(app)
  expect(await upcoming.query()).toMatchObject({ startsAt: end })

  const hours = Math.ceil((start.getTime() - app.stripe.now().getTime()) / HOUR) + 12
  await advanceSettled(app, { hours })
  expect(await current.query()).toMatchObject({ provider: 'stripe', hasAccess: true })
  await advanceSettled(app, { hours: 14 })
  expect(await current.query()).toMatchObject({ provider: 'paymob', hasAccess: true })
  expect((await moneyOf(billing)).map(({ provider, kept }) => ({ provider, kept }))).toEqual([
    { provider: 'paymob', kept: 90_000 },
    { provider: 'stripe', kept: 1_900 },
  ])
})

import { SECOND } from '../../../platform/durations.ts'
import { CAPABILITIES } from '../capabilities.ts'
import type { PaymentGateway, PaymentProvider } from '../payment-provider.ts'
import { checkAccess, rememberAccount } from './account.ts'
import { AuthTokens } from './api/auth-tokens.ts'
import { createCalls } from './api/calls.ts'
import { createPaymobApi } from './api/paymob-api.ts'
import { readCallback, verifyCallback } from './callbacks/read-callback.ts'
import { redactCallback } from './callbacks/redact-callback.ts'
import { cardPageOf, createPaymobCards } from './cards.ts'
import { createPaymobCredit } from './changes/credit.ts'
import { createPaymobPlanChanges } from './changes/plan-changes.ts'
import { createPaymobCheckout, OpenPages } from './checkout.ts'
import { createPaymobCustomers } from './customers.ts'
import { createCalendar, type PaymobCalendar } from './dates.ts'
import { createPaymobDetails } from './details.ts'
import { createPaymobDiscounts } from './discounts.ts'
import { KnownPlans } from './known-plans.ts'
import { createPaymobLists } from './lists.ts'
import { createPaymobMetering } from './metering.ts'
import { createPaymobPayments } from './payments.ts'
import type { PaymobContext } from './paymob-context.ts'
import { isLiveMode, type PaymobSettings } from './paymob-settings.ts'
import { createPaymobPlans } from './plans.ts'
import { createPaymobRefunds } from './refunds.ts'
import { createPaymobSubscriptions } from './subscriptions.ts'

export type { PaymobSettings } from './paymob-settings.ts'

/** What all budgets and counters of one gateway share. */
interface Shared {
  settings: PaymobSettings
  tokens: AuthTokens
  pages: OpenPages
  plans: KnownPlans
  calendar: PaymobCalendar
  account: PaymentGateway['account']
}

/**
 * Paymob behind the port. It has no idempotency keys, so each change is named or noted at Paymob before it is made, and a
 * repeat asks first. Its callbacks are only bells: what counts is fetched.
 *
 * @throws {Error} if the keys are not of the same mode.
 * @see docs/decisions/0030-paymob-is-fetched.md
 */
export function createPaymobGateway(settings: PaymobSettings): PaymentGateway {
  if (isLiveMode(settings) !== settings.publicKey.includes('_live_'))
    throw new Error("Paymob's secret key and public key are of different modes.")
  const tokens = new AuthTokens()
  const account = rememberAccount(
    () => createCalls({ settings, tokens, onCall: () => {} }, performance.now() + 4 * SECOND),
    settings,
  )
  const calendar = createCalendar(settings.secretKey)
  return gatewayOf(
    { settings, tokens, calendar, account, pages: new OpenPages(settings.clock), plans: new KnownPlans() },
    () => {},
  )
}

function gatewayOf(shared: Shared, onCall: () => void): PaymentGateway {
  const { settings, calendar, tokens, pages, plans, account } = shared
  const reader = { hmacSecret: settings.hmacSecret, isLiveMode: isLiveMode(settings), calendar }

  const gateway: PaymentGateway = {
    account,
    name: 'paymob',
    timeZone: calendar.timeZone,
    isLiveMode: isLiveMode(settings),
    // The list of triggers is not documented, and every callback only rings.
    eventTypes: 'all',
    capabilities: CAPABILITIES.paymob,
    withTimeBudget: (ms) => budgeted(performance.now() + ms),
    counting: (alsoOnCall) =>
      gatewayOf(shared, () => {
        onCall()
        alsoOnCall()
      }),
    // Paymob keeps no list of events. Each subscription and payment is asked for instead.
    async *listChanges() {},
    verifyWebhook: (call) => verifyCallback(reader, call),
    readChange: (payload) => readCallback(reader, payload),
    readCardPage: cardPageOf,
    // Paymob's dashboard documents no address for one.
    disputePage: () => null,
    redact: redactCallback,
  }

  function budgeted(deadline: number): PaymentProvider {
    const call = createCalls({ settings, tokens, onCall }, deadline)
    const context: PaymobContext = { api: createPaymobApi(call), settings, calendar, plans }
    return {
      ...gateway,
      withTimeBudget: (ms) => budgeted(Math.min(deadline, performance.now() + ms)),

      checkAccess: () => checkAccess(call, settings),
      ...createPaymobCustomers(),
      ...createPaymobPlans(context),
      ...createPaymobCheckout(context, pages),
      ...createPaymobSubscriptions(context),
      ...createPaymobPlanChanges(context),
      ...createPaymobMetering(),
      ...createPaymobPayments(context),
      ...createPaymobRefunds(context),
      ...createPaymobCredit(context),
      ...createPaymobLists(),
      ...createPaymobCards(context),
      ...createPaymobDiscounts(),
      ...createPaymobDetails(),
    }
  }

  return gateway
}

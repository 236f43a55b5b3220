import Stripe from 'stripe'
import { SECOND } from '../../../platform/durations.ts'
import { PaymentProviderError } from '../../billing.errors.ts'
import { PROVIDER_BUDGET } from '../../billing.settings.ts'
import { CAPABILITIES } from '../capabilities.ts'
import type { PaymentGateway, PaymentProvider } from '../payment-provider.ts'
import { rememberAccount } from './account.ts'
import { STRIPE_API_VERSION } from './api-version.ts'
import { createCalls, type CallStripe } from './calls.ts'
import { createStripeCards } from './cards.ts'
import { createStripeCatalogue } from './catalogue.ts'
import { createStripePlanChanges } from './changes/plan-changes.ts'
import { createStripeCheckout } from './checkout.ts'
import { createStripeCredit } from './credit.ts'
import { createStripeCustomers } from './customers.ts'
import { createStripeDetails } from './details.ts'
import { Coupons } from './discounts/coupons.ts'
import { createStripeDiscounts } from './discounts/discounts.ts'
import { disputePageOf } from './disputes.ts'
import { STRIPE_EVENT_TYPES } from './event-types.ts'
import { readStripeEvent, verifyStripeEvent } from './events.ts'
import { createStripeLists } from './lists.ts'
import { createStripeMetering } from './metering.ts'
import { createStripePaymentMethods } from './payment-methods.ts'
import { createStripePayments, listStripeEvents } from './payments.ts'
import { redactStripeEvent } from './redact.ts'
import { createStripeSubscriptions } from './subscriptions.ts'

export interface StripeSettings {
  readonly secretKey: string
  /** All secrets that may sign a webhook call, so that a secret can be rotated. */
  readonly webhookSecrets: readonly string[]
  /** The URL of a sandbox; undefined for Stripe itself. */
  readonly apiUrl: string | undefined
  /** Whether customers can enter promotion codes on the checkout page. */
  readonly asksForCodes?: boolean
  /** Whether Stripe Tax computes taxes for what is bought on the checkout page. */
  readonly collectsTax?: boolean
}

/**
 * Stripe behind the port. Every call has a time-out, and every change an idempotency key made from one of our rows, so
 * that a repeat after a crash finds what the first call made.
 *
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export function createStripeGateway(settings: StripeSettings): PaymentGateway {
  const account = rememberAccount(
    () => createCalls(connect(settings), performance.now() + 4 * SECOND),
    isLiveKey(settings.secretKey),
  )
  return gatewayOf(settings, account, new Coupons())
}

const isLiveKey = (secretKey: string): boolean => secretKey.includes('_live_')

function connect(settings: StripeSettings): Stripe {
  return new Stripe(settings.secretKey, {
    apiVersion: STRIPE_API_VERSION,
    timeout: 4 * SECOND,
    // When several calls carry the same key at once, Stripe accepts one and asks the others to retry.
    maxNetworkRetries: 2,
    telemetry: false,
    ...(settings.apiUrl ? addressOf(settings.apiUrl) : {}),
  })
}

function gatewayOf(
  settings: StripeSettings,
  account: PaymentGateway['account'],
  coupons: Coupons,
  onCall: () => void = () => {},
): PaymentGateway {
  const stripe = connect(settings)
  // oxlint-disable-next-line typescript/no-unsafe-call -- Stripe's package declares it as any
  stripe.on('request', onCall)
  const callsFor = (ms: number) => createCalls(stripe, performance.now() + ms)

  const gateway: PaymentGateway = {
    account,
    name: 'stripe',
    timeZone: null,
    capabilities: CAPABILITIES.stripe,
    isLiveMode: isLiveKey(settings.secretKey),
    eventTypes: STRIPE_EVENT_TYPES,
    withTimeBudget: (ms) => budgeted(performance.now() + ms),
    counting: (alsoOnCall) =>
      gatewayOf(settings, account, coupons, () => {
        onCall()
        alsoOnCall()
      }),

    async *listChanges(range) {
      for await (const event of listStripeEvents(() => callsFor(PROVIDER_BUDGET), range)) {
        yield readStripeEvent(event)
      }
    },
    verifyWebhook: (call) => verifyStripeEvent(stripe, settings.webhookSecrets, call),
    readChange: readStripeEvent,
    // Stripe's portal adds cards.
    readCardPage: () => null,
    disputePage: (id) => disputePageOf({ apiUrl: settings.apiUrl, isLiveMode: isLiveKey(settings.secretKey) }, id),
    redact: redactStripeEvent,
  }

  function budgeted(deadline: number): PaymentProvider {
    const call = createCalls(stripe, deadline)
    return {
      ...gateway,
      withTimeBudget: (ms) => budgeted(Math.min(deadline, performance.now() + ms)),

      checkAccess: () => checkAccess(call),
      ...createStripeCustomers(call),
      ...createStripeCatalogue(call),
      ...createStripeCheckout(call, coupons, settings),
      ...createStripeSubscriptions(call, coupons),
      ...createStripePlanChanges(call),
      ...createStripeMetering(call),
      ...createStripePayments(call),
      ...createStripePaymentMethods(call),
      ...createStripeCards(),
      ...createStripeDiscounts(call),
      ...createStripeDetails(call, settings),
      ...createStripeCredit(call),
      ...createStripeLists(call, coupons),
    }
  }

  return gateway
}

async function checkAccess(call: CallStripe): Promise<'ok' | 'refused' | 'forbidden' | 'unreachable'> {
  try {
    await call(async (stripe) => stripe.products.list({ limit: 1 }))
    return 'ok'
  } catch (error) {
    const cause = error instanceof PaymentProviderError ? error.cause : error
    if (cause instanceof Stripe.errors.StripeAuthenticationError) return 'refused'
    return cause instanceof Stripe.errors.StripePermissionError ? 'forbidden' : 'unreachable'
  }
}

function addressOf(apiUrl: string) {
  const { hostname, port, protocol } = new URL(apiUrl)
  const isHttp = protocol === 'http:'
  return { host: hostname, port: Number(port) || (isHttp ? 80 : 443), protocol: isHttp ? 'http' : 'https' } as const
}

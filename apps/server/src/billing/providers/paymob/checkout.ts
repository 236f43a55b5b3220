import { after, type Clock } from '../../../platform/clock.ts'
import { HOUR, MINUTE, SECOND } from '../../../platform/durations.ts'
import { InvalidInput } from '../../../platform/errors/errors.ts'
import { ProviderUnsupported } from '../../billing.errors.ts'
import { CAPABILITIES } from '../capabilities.ts'
import type { PaymentProvider, ProviderCheckout, ProviderCheckoutInput, ProviderPage } from '../payment-provider.ts'
import { isRefused, providerError, refusalOf } from './api/paymob-error.ts'
import { addDays } from './dates.ts'
import { today, type PaymobContext } from './paymob-context.ts'
import { isCardCheck, readReference, writeReference } from './references.ts'

/** How long a page can be paid, in milliseconds. It can't be expired early, so it does not live long. */
export const PAGE_LIFETIME = HOUR
/** Maximum number of references to try. One is used up each time an answer of Paymob is lost. */
const ATTEMPTS = 5
/** What checks a card if nothing is due yet, or beside others, in the currency's smallest unit. It is paid back. */
export const CARD_CHECK = CAPABILITIES.paymob.cardCheckCents
/** Paymob wants a phone number, and we ask for none. */
export const NO_PHONE = '+200000000000'

type OpenPage = Extract<ProviderPage, { state: 'open' }>

/** The pages that this process has opened. Simultaneous calls for one checkout get the same page. */
export class OpenPages {
  readonly #clock: Clock
  readonly #pages = new Map<string, { page: Promise<ProviderPage>; until: Date }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async once(checkoutId: string, open: () => Promise<ProviderPage>): Promise<ProviderPage> {
    const now = this.#clock.now()
    for (const [id, { until }] of this.#pages) if (until <= now) this.#pages.delete(id)
    const known = this.#pages.get(checkoutId)
    if (known) return known.page
    const page = open()
    this.#pages.set(checkoutId, { page, until: after(now, PAGE_LIFETIME - 10 * MINUTE) })
    const isOpen = await page.then(
      ({ state }) => state === 'open',
      () => false,
    )
    if (!isOpen) this.#pages.delete(checkoutId)
    return page
  }
}

/** The part of the port for checkout pages. A page's session is the reference of its payment. */
export function createPaymobCheckout(
  context: PaymobContext,
  pages: OpenPages,
): Pick<PaymentProvider, 'startCheckout' | 'expireCheckout' | 'fetchCheckout'> {
  return {
    startCheckout: (input) => pages.once(input.checkoutId, () => startCheckout(context, input)),

    // Paymob has no call for it. A page ends by itself after an hour, and what is bought on it meanwhile is undone by
    // the convergence, if it should not have been sold.
    expireCheckout: async () => {},

    fetchCheckout: (sessionId) => fetchCheckout(context, sessionId),
  }
}

async function startCheckout(context: PaymobContext, input: ProviderCheckoutInput): Promise<ProviderPage> {
  const { api, settings, plans, calendar } = context
  const { providerPriceId, trialDays, startsAt, planName, currency } = input
  const price = input.priceCents * (input.quantity ?? 1)
  if (price === 0) throw new ProviderUnsupported()
  const plan = await plans.find(api, providerPriceId)
  if (!plan) return { state: 'price-unknown' }
  const isDueLater = trialDays > 0 || startsAt !== null
  const amount = isDueLater ? CARD_CHECK : price
  const start = startsAt
    ? calendar.dateOf(startsAt)
    : addDays(await today(context), trialDays > 0 ? trialDays : plan.frequency)
  const now = settings.clock.now().getTime()
  // The reference has whole minutes.
  const end = Math.floor(Math.min(input.expiresAt.getTime(), now + PAGE_LIFETIME) / MINUTE) * MINUTE
  const expiresAt = new Date(end)
  const body = {
    amount,
    currency: currency.toUpperCase(),
    payment_methods: [settings.cardIntegration],
    items: [{ name: planName.slice(0, 50), amount, description: planName.slice(0, 250), quantity: 1 }],
    billing_data: await billingDataOf(input),
    subscription_plan_id: Number(plan.id),
    subscription_start_date: start,
    // For people who look at the payment at Paymob. Nothing reads it.
    extras: { checkout_id: input.checkoutId, account_id: input.accountId, user_id: input.userId },
    notification_url: settings.callbackUrl,
    redirection_url: settings.returnUrl,
    expiration: Math.max(60, Math.floor((end - now) / SECOND)),
  }
  const { checkoutId, providerCustomerId: customerId, upgradeFrom } = input
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const startsLater = startsAt !== null
    const origin = { checkoutId, customerId, upgradeFrom, trialDays, startsLater, expiresAt, attempt }
    const reference = writeReference({ kind: 'checkout', ...origin })
    const page = await createPage(context, { ...body, special_reference: reference })
    if (page !== 'reference-used') return page
  }
  throw providerError('Paymob has used up the references of a checkout page.')
}

async function createPage(
  { api, settings }: PaymobContext,
  body: Readonly<Record<string, unknown>> & { special_reference: string },
): Promise<ProviderPage | 'reference-used'> {
  try {
    const { client_secret } = await api.createIntention(body)
    return {
      state: 'open',
      sessionId: body.special_reference,
      url: pageUrl(settings, client_secret),
    } satisfies OpenPage
  } catch (error) {
    // An earlier call used it, and its answer was lost. So no one can pay that page.
    if (isReferenceUsed(error)) return 'reference-used'
    // Paymob does not sell the plan: someone has suspended it there.
    if (refusalOf(error)?.answer.includes('invalid subscription plan')) return { state: 'price-unknown' }
    throw error
  }
}

/** The checkout page of an intention. */
export function pageUrl({ apiUrl, publicKey }: PaymobContext['settings'], clientSecret: string): string {
  return `${apiUrl}/unifiedcheckout/?${new URLSearchParams({ publicKey, clientSecret }).toString()}`
}

/** The words of this refusal are not documented. It names the field. */
export function isReferenceUsed(error: unknown): boolean {
  return isRefused(error) && /special_reference|merchant_order_id|duplicate/i.test(refusalOf(error)?.answer ?? '')
}

/** @throws {InvalidInput} for an account without an address: Paymob wants one. */
export async function billingDataOf({ readContact }: Pick<ProviderCheckoutInput, 'readContact'>) {
  const { email, name } = await readContact()
  if (!email) throw new InvalidInput({ email: 'is needed to pay' })
  const [first = '', ...others] = name.trim().split(/\s+/)
  return {
    first_name: first.slice(0, 50) || 'NA',
    last_name: others.join(' ').slice(0, 50) || 'NA',
    email,
    phone_number: NO_PHONE,
  }
}

async function fetchCheckout({ api, settings }: PaymobContext, sessionId: string): Promise<ProviderCheckout | null> {
  const origin = readReference(sessionId)
  if (origin?.kind !== 'checkout') return null
  const { customerId, expiresAt } = origin
  const payment = await api.inquire(sessionId)
  const session = { id: sessionId, customerId, isCustomerGone: false }
  if (payment?.success) {
    const subscription = await firstOf(api.subscriptionsOf(payment.id), payment.id)
    const invoiceId = isCardCheck(origin) ? null : payment.id
    return { ...session, status: 'complete', subscriptionId: subscription, invoiceId }
  }
  // A page lives by wall time. A payment that has begun may still succeed.
  const isOpen = payment?.pending === true || expiresAt > settings.clock.now()
  return { ...session, status: isOpen ? 'open' : 'expired', subscriptionId: null, invoiceId: null }
}

/** The subscription that a payment began. */
async function firstOf(
  list: AsyncIterable<{ id: string; initial_transaction: string }>,
  paymentId: string,
): Promise<string | null> {
  for await (const { id, initial_transaction } of list) if (initial_transaction === paymentId) return id
  return null
}

import { ProviderUnsupported } from '../../billing.errors.ts'
import type { BillingInterval, BillingPeriod, PaymentProvider } from '../payment-provider.ts'
import type { ProviderPriceInput } from '../provider-catalogue.ts'
import type { PaymobPlan } from './api/answers.ts'
import { providerError } from './api/paymob-error.ts'
import type { PaymobContext } from './paymob-context.ts'

/** After how many days Paymob tries a failed renewal once more. */
const RETRIAL_DAYS = 3
/** Paymob's periods are days: it has neither calendar months nor a year of 365 days. */
const DAYS: Record<BillingPeriod, number> = { monthly: 30, yearly: 360 }

/** The part of the port for plans. A price is a plan at Paymob, and there are no products. */
export function createPaymobPlans(
  context: PaymobContext,
): Pick<PaymentProvider, 'ensureProduct' | 'ensurePrice' | 'syncPlan' | 'fetchCatalogueItem' | 'archiveAgain'> {
  const { api, plans } = context
  return {
    ensureProduct: async ({ planId }) => `plan_${planId}`,

    ensurePrice: (input) => ensurePrice(context, input),

    // The name and the frequency of a plan at Paymob never change: new terms are a new price. And no plan is suspended
    // there, because that may stop the renewals of those who have it. Only our checkout pages sell it.
    syncPlan: async () => {},

    async fetchCatalogueItem({ kind, id }) {
      if (kind === 'product') return { id, name: null, isActive: true, mustBeArchived: false }
      const plan = await plans.find(api, id)
      return plan && { id, name: plan.name, isActive: plan.is_active, mustBeArchived: false }
    },

    // Nothing is ever archived, so nothing is made active for the length of a call.
    archiveAgain: async () => false,
  }
}

/**
 * Creates a plan once per key. Paymob has no idempotency keys, so the name ends with the key. Of several that
 * simultaneous calls made, all calls take the oldest.
 *
 * @throws {ProviderUnsupported} for a price per member, and for a free one.
 */
async function ensurePrice({ api, settings }: PaymobContext, input: ProviderPriceInput): Promise<string> {
  const { key, name, priceCents, billingPeriod, seats } = input
  if (seats !== null) throw new ProviderUnsupported('Paymob charges no price per member.')
  if (priceCents === 0)
    throw new ProviderUnsupported('Paymob sells no plan for free. Set a price, or another provider.')
  const ownName = `${name.slice(0, 60)} #${key}`
  const found = await findOldest(api.plans(), ownName)
  if (found) return found
  await api.createPlan({
    name: ownName,
    frequency: DAYS[billingPeriod],
    amount_cents: priceCents,
    // The first payment is never a deduction: the deductions begin on `subscription_start_date`, after a trial or a
    // first period that is paid on the page.
    use_transaction_amount: false,
    number_of_deductions: null,
    // Our own mails remind customers.
    reminder_days: null,
    retrial_days: RETRIAL_DAYS,
    plan_type: 'rent',
    is_active: true,
    integration: settings.motoIntegration,
    webhook_url: settings.callbackUrl,
  })
  const made = await findOldest(api.plans(), ownName)
  if (!made) throw providerError('Paymob does not list a plan that it has created.')
  return made
}

async function findOldest(plans: AsyncIterable<PaymobPlan>, name: string): Promise<string | null> {
  let oldest: string | null = null
  for await (const plan of plans) {
    if (plan.name === name && (oldest === null || Number(plan.id) < Number(oldest))) oldest = plan.id
  }
  return oldest
}

/** Paymob's 30 days are our month, and its 360 days our year. */
export function intervalOf(days: number): BillingInterval {
  if (days === DAYS.monthly) return { unit: 'month', count: 1 }
  if (days === DAYS.yearly || days === 365) return { unit: 'year', count: 1 }
  return days % 7 === 0 ? { unit: 'week', count: days / 7 } : { unit: 'day', count: days }
}

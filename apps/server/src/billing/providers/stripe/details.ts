import Stripe from 'stripe'
import { InvalidInput } from '../../../platform/errors/errors.ts'
import { PaymentProviderError } from '../../billing.errors.ts'
import type {
  DetailsChange,
  DetailsProvider,
  ProviderAddress,
  ProviderDetails,
  ProviderTaxId,
} from '../provider-details.ts'
import { nullIfMissing, type CallStripe } from './calls.ts'

/** How many of the latest charges are looked at. */
const LATEST = 20

/**
 * The part of the port for billing details. Stripe keeps them.
 *
 * @param collectsTax whether taxes depend on the address, so that Stripe must be able to place it.
 * @see https://docs.stripe.com/billing/customer/tax-ids
 */
export function createStripeDetails(
  call: CallStripe,
  { collectsTax = false }: { collectsTax?: boolean },
): DetailsProvider {
  return {
    fetchDetails: (id) =>
      call(async (stripe) => {
        const customer = await stripe.customers.retrieve(id)
        if (customer.deleted) return null
        const { data } = await stripe.customers.listTaxIds(id, { limit: 100 })
        return readDetails(customer, data)
      }).catch(nullIfMissing),

    updateDetails: async (id, changes) => {
      const done = await call((stripe) => updateDetails(stripe, id, changes, collectsTax)).catch(nullIfMissing)
      return done ?? false
    },

    findTaxProblems: () => call(findTaxProblems),

    sendsReceipts: () => call(sendsReceipts),
  }
}

function readDetails({ name, address }: Stripe.Customer, taxIds: readonly Stripe.TaxId[]): ProviderDetails {
  return {
    name: name ?? null,
    address: address?.country
      ? {
          ...{ line1: address.line1, line2: address.line2, city: address.city, state: address.state },
          ...{ postalCode: address.postal_code, country: address.country },
        }
      : null,
    taxIds: taxIds.map(({ type, value, verification }) => ({
      ...{ type, value },
      status: verification ? (STATUSES[verification.status] ?? 'pending') : null,
    })),
  }
}

const STATUSES: Record<string, NonNullable<ProviderTaxId['status']>> = {
  pending: 'pending',
  verified: 'verified',
  unverified: 'unverified',
  unavailable: 'unavailable',
}

/**
 * New tax ids come first and old ones go last. If anything is refused in between, the new ones are removed again. If that
 * fails, its error is thrown instead: Stripe then has old and new ones, and the next update removes what it does not name.
 * Stripe keeps each tax id once, also if it is in the list twice.
 */
async function updateDetails(
  stripe: Stripe,
  id: string,
  { name, address, taxIds }: DetailsChange,
  collectsTax: boolean,
): Promise<boolean> {
  const customer = await stripe.customers.retrieve(id)
  if (customer.deleted) return false
  const present = taxIds ? (await stripe.customers.listTaxIds(id, { limit: 100 })).data : []
  const added: string[] = []
  // It may be gone already: Stripe's portal removes tax ids, too.
  const remove = async (taxId: string) => stripe.customers.deleteTaxId(id, taxId).catch(nullIfMissing)
  try {
    for (const [index, taxId] of (taxIds ?? []).entries()) {
      if (includes([...present, ...(taxIds ?? []).slice(0, index)], taxId)) continue
      added.push(
        (await stripe.customers.createTaxId(id, { type: taxId.type, value: taxId.value }).catch(refusedTaxId(index)))
          .id,
      )
    }
    if (name !== undefined || address !== undefined) {
      await stripe.customers
        .update(id, {
          ...(name !== undefined && { name }),
          ...(address !== undefined && { address: address ? addressParams(address) : '' }),
          ...(collectsTax && address && { tax: { validate_location: 'immediately' } }),
        })
        .catch(refusedAddress)
    }
  } catch (error) {
    for (const made of added) await remove(made)
    throw error
  }
  const outdated = present.filter(
    (known, index) => taxIds && (!includes(taxIds, known) || includes(present.slice(0, index), known)),
  )
  for (const { id: taxId } of outdated) await remove(taxId)
  return true
}

type TaxIdTerms = Pick<ProviderTaxId, 'type' | 'value'>

const includes = (all: readonly TaxIdTerms[], { type, value }: TaxIdTerms) =>
  all.some((one) => one.type === type && one.value === value)

function addressParams({ line1, line2, city, postalCode, state, country }: ProviderAddress) {
  return {
    ...{ line1: line1 ?? '', line2: line2 ?? '', city: city ?? '', state: state ?? '' },
    ...{ postal_code: postalCode ?? '', country },
  }
}

/** For `catch`: InvalidInput if Stripe refuses a tax id. */
const refusedTaxId =
  (index: number) =>
  (error: unknown): never => {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.code === 'resource_missing') throw error
    throw new InvalidInput({ [`taxIds.${index}`]: 'is not a valid number of this type' })
  }

/** For `catch`: InvalidInput if Stripe can't place an address. */
function refusedAddress(error: unknown): never {
  const isUnknown = error instanceof Stripe.errors.StripeError && error.code === 'customer_tax_location_invalid'
  if (isUnknown) throw new InvalidInput({ address: 'is not complete enough to compute taxes' })
  throw error
}

/** Stripe's settings for emails are not in its API. A charge has a receipt number once its receipt was emailed. */
async function sendsReceipts(stripe: Stripe): Promise<boolean | null> {
  try {
    const { data } = await stripe.charges.list({ limit: LATEST })
    return data.some(({ receipt_number }) => receipt_number !== null)
  } catch (error) {
    if (!isForbidden(error)) throw error
    return null
  }
}

async function findTaxProblems(stripe: Stripe): Promise<string[]> {
  try {
    const { status, status_details } = await stripe.tax.settings.retrieve()
    const missing = status_details.pending?.missing_fields ?? []
    const { data: registrations } = await stripe.tax.registrations.list({ status: 'active', limit: 1 })
    const { data: portals } = await stripe.billingPortal.configurations.list({ is_default: true, limit: 1 })
    const update = portals[0]?.features.customer_update
    const inPortal = update?.enabled ? update.allowed_updates : []
    return [
      ...(status === 'active'
        ? []
        : [`Stripe Tax is not active: fill in ${missing.join(', ') || 'its settings'} in the dashboard.`]),
      ...(registrations.length > 0
        ? []
        : [
            'Stripe Tax has no active registration, so it collects no tax anywhere: add the places where you are registered.',
          ]),
      ...(inPortal.includes('address') && inPortal.includes('tax_id')
        ? []
        : ['Stripe’s portal does not let customers change their address and tax ids: allow it in its settings.']),
    ]
  } catch (error) {
    if (!isForbidden(error)) throw error
    return ['The key may not read the settings of Stripe Tax and of the portal, so they could not be checked.']
  }
}

/** Whether a restricted key lacks a permission. */
function isForbidden(error: unknown): boolean {
  const cause = error instanceof PaymentProviderError ? error.cause : error
  return cause instanceof Stripe.errors.StripePermissionError
}

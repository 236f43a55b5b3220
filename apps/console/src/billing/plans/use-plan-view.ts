import { useSearchParams } from 'react-router'
import { offersOf, savingOf, type Offer, type Period } from '../../words/offers.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import type { Plan } from './plan-card.tsx'

export interface PlanView {
  /** What is on sale in the chosen currency. */
  offers: Offer[]
  period: Period
  /** Whether any offer can be paid monthly and yearly. */
  hasBothPeriods: boolean
  /** The largest saving by yearly payment, from 0 to 1. */
  saving: number
  currency: string
  currencies: string[]
  choose: (choice: { period?: Period; currency?: string }) => void
}

/**
 * The plans as the page shows them. Period and currency are in the URL, so that a link and the back button keep them.
 *
 * @param plans each at one price.
 */
export function usePlanView(plans: readonly Plan[], current: Subscription | null): PlanView {
  const [query, setQuery] = useSearchParams()
  const currencies = [...new Set(plans.map((plan) => plan.currency))]
  const own = currencies.find((each) => each === current?.currency)
  const asked = query.get('currency')
  const currency = currencies.find((each) => each === asked) ?? own ?? currencies[0] ?? ''
  const offers = offersOf(plans.filter((plan) => plan.currency === currency))
  const wanted = query.get('period') ?? current?.billingPeriod
  return {
    offers,
    period: wanted === 'yearly' ? 'yearly' : 'monthly',
    hasBothPeriods: offers.some(({ monthly, yearly }) => monthly && yearly),
    saving: Math.max(0, ...offers.map(savingOf)),
    currency,
    currencies,
    choose: (choice) =>
      setQuery(
        (before) => {
          for (const [name, value] of Object.entries(choice)) before.set(name, value)
          return before
        },
        { replace: true, preventScrollReset: true },
      ),
  }
}

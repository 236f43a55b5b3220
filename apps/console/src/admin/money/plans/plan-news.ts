import { api } from '../../../api.ts'
import { describeFeatures } from '../../../words/features.ts'
import { formatPrice } from '../../../words/price.ts'
import { differences, type News } from '../../kit/stale.tsx'
import { t } from '../../texts/catalogue.ts'
import { seatsAt, tierLabel, type Plan } from './plan-words.ts'

const words = t.money.plans

/** What another operator has changed about a plan. */
export const newsOf = ({ id }: Plan): News<Plan> => ({
  latest: async () => {
    const { offers, ...plan } = await api.admin.plans.get.query({ id })
    return { ...plan, prices: offers } // as customers see them
  },
  changes: (seen, now) => differences(textsOf(seen), textsOf(now)),
})

function textsOf(plan: Plan): (readonly [string, string])[] {
  return [
    [words.status, words.statuses[plan.status]],
    [words.name, plan.name],
    [words.description, plan.description ?? ''],
    ...plan.prices.map(
      (price) =>
        [
          words.priceIn(words.periods[price.billingPeriod], price.currency.toUpperCase()),
          formatPrice({ ...price, seats: seatsAt(plan, price) }),
        ] as const,
    ),
    [words.tier, tierLabel(plan.tier)],
    [words.trialDays, String(plan.trialDays)],
    [words.sortOrder, String(plan.sortOrder)],
    [words.highlighted, plan.highlighted ? t.kit.yes : t.kit.no],
    [words.seats, plan.seats ? words.seatsOf(plan.seats.included, plan.seats.max) : ''],
    ...Object.entries(plan.features).map(
      ([name, value]) => [name, describeFeatures({ ...plan, features: { [name]: value } }).join(', ')] as const, // two may have one label
    ),
  ]
}

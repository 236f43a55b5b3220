import type { RouterInputs } from '@tollgate/client'
import { api } from '../../../api.ts'
import { formatPrice } from '../../../words/price.ts'
import { t } from '../../texts/catalogue.ts'
import { seatsAt, tierLabel, type Plan } from './plan-words.ts'

const words = t.money.plans

/** What a change of a plan would do, one sentence each. */
export async function effectsOf(plan: Plan, input: RouterInputs['billing']['plans']['update']): Promise<string[]> {
  const { after, subscribers, keepPrice, prices, ...is } = await api.admin.plans.previewUpdate.query(input)
  const isOnPage =
    after.description !== plan.description ||
    after.sortOrder !== plan.sortOrder ||
    after.highlighted !== plan.highlighted ||
    after.trialDays !== plan.trialDays
  const sold = prices.flatMap((price) =>
    price.after && (price.change === 'new_price' || price.change === 'added') ? [price.after] : [],
  )
  const gone = prices.flatMap(({ before, change }) => (before && change === 'retired' ? [before] : []))
  const effects = [
    ...sold.map((price) => words.newSubscribers(formatPrice({ ...price, seats: seatsAt(after, price) }))),
    ...gone.map((price) => words.noLonger(formatPrice({ ...price, seats: seatsAt(plan, price) }))),
    ...(sold.length > 0 || gone.length > 0 ? [words.keep(keepPrice)] : []),
    ...(sold.length > 0 ? [words.atStripe] : []),
    ...(is.isRenamed ? [words.renamed(after.name)] : []),
    ...(is.isNewTier ? [words.newTier(subscribers, tierLabel(after.tier))] : []),
    ...(is.isNewSeats ? [words.newSeats] : []),
    ...(is.isNewFeatures ? [words.newFeatures(subscribers)] : []),
    ...(isOnPage ? [words.onPage] : []),
  ]
  return effects.length > 0 ? effects : [words.nothing]
}

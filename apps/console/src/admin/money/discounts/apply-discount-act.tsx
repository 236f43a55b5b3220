import { useQuery } from '@tanstack/react-query'
import { api, trpc } from '../../../api.ts'
import { Select } from '../../../parts/select.tsx'
import { ActProblem } from '../../kit/act-problem.ts'
import { ActOn } from '../../kit/act.tsx'
import { differences, type News } from '../../kit/stale.tsx'
import { t } from '../../texts/catalogue.ts'
import type { SubscriptionDetails } from '../money-words.ts'
import { discountTerms, runningDiscount } from './discount-words.ts'

const words = t.discounts
/** How many of the newest discounts are a choice. */
const MOST = 100

const newsOf = (id: string): News<SubscriptionDetails> => ({
  latest: () => api.admin.subscriptions.get.query({ id }),
  changes: (seen, now) => differences([[words.running, runningIn(seen)]], [[words.running, runningIn(now)]]),
})

const runningIn = ({ discounts, currency }: SubscriptionDetails): string =>
  discounts.map((each) => runningDiscount(each, currency)).join('; ')

/** Gives a customer a discount that fits their subscription. */
export function ApplyDiscountAct({ subscription }: { subscription: SubscriptionDetails }) {
  const { id, provider, currency, plan } = subscription
  const query = useQuery(trpc.admin.discounts.list.queryOptions({ status: 'active', limit: MOST }))
  const fitting = (query.data?.items ?? []).filter(
    (each) =>
      each.provider === provider &&
      (each.amountOff === null || each.currency === currency) &&
      (each.plans?.includes(plan.code) ?? true),
  )
  const options = fitting.map((each) => ({ value: each.id, label: words.named(each.name, discountTerms(each)) }))
  return (
    <ActOn
      seen={subscription}
      news={newsOf(id)}
      open={words.apply}
      title={words.applyTitle}
      confirm={words.applyConfirm}
      done={words.applied}
      consequences={(read, seen) => {
        const chosen = fitting.find((each) => each.id === read('discountId'))
        if (!chosen) return [options.length > 0 ? words.choose : words.none]
        return [
          words.terms(discountTerms(chosen)),
          words.fromNext,
          ...(seen.discounts.length > 0 ? [words.runs(runningIn(seen))] : []),
        ]
      }}
      run={(read, { discountsRevision: revision }) => {
        const discountId = read('discountId')
        if (discountId === '') throw new ActProblem(words.choose)
        return api.admin.subscriptions.applyDiscount.mutate({ id, discountId, revision })
      }}
    >
      <Select name="discountId" label={words.discount} options={[{ value: '', label: words.choose }, ...options]} />
    </ActOn>
  )
}

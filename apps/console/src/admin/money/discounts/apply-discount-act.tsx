import { useQuery } from '@tanstack/react-query'
import { api, trpc } from '../../../api.ts'
import { Select } from '../../../parts/select.tsx'
import { ActProblem } from '../../kit/act-problem.ts'
import { Act } from '../../kit/act.tsx'
import { t } from '../../texts/catalogue.ts'
import type { Subscription } from '../money-words.ts'
import { discountTerms, runningDiscount } from './discount-words.ts'

const words = t.discounts
/** How many of the newest discounts are a choice. */
const MOST = 100

/** Gives a customer a discount that fits their subscription. */
export function ApplyDiscountAct({ subscription }: { subscription: Omit<Subscription, 'user' | 'account'> }) {
  const { id, provider, currency, plan, discounts: running } = subscription
  const query = useQuery(trpc.admin.discounts.list.queryOptions({ status: 'active', limit: MOST }))
  const fitting = (query.data?.items ?? []).filter(
    (each) =>
      each.provider === provider &&
      (each.amountOff === null || each.currency === currency) &&
      (each.plans?.includes(plan.code) ?? true),
  )
  const options = fitting.map((each) => ({ value: each.id, label: words.named(each.name, discountTerms(each)) }))
  return (
    <Act
      open={words.apply}
      title={words.applyTitle}
      confirm={words.applyConfirm}
      done={words.applied}
      consequences={(read) => {
        const chosen = fitting.find((each) => each.id === read('discountId'))
        if (!chosen) return [options.length > 0 ? words.choose : words.none]
        return [
          words.terms(discountTerms(chosen)),
          words.fromNext,
          ...(running.length > 0
            ? [words.runs(running.map((each) => runningDiscount(each, currency)).join('; '))]
            : []),
        ]
      }}
      run={(read) => {
        const discountId = read('discountId')
        if (discountId === '') throw new ActProblem(words.choose)
        return api.admin.subscriptions.applyDiscount.mutate({ id, discountId })
      }}
    >
      <Select name="discountId" label={words.discount} options={[{ value: '', label: words.choose }, ...options]} />
    </Act>
  )
}

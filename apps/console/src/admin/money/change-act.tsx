import { useQuery } from '@tanstack/react-query'
import { formatMoney } from '@tollgate/client'
import { useRef } from 'react'
import { api, trpc } from '../../api.ts'
import { Select } from '../../parts/select.tsx'
import { formatDay } from '../../words/dates.ts'
import { heldTerms, planAt } from '../../words/plan-price.ts'
import { formatPrice } from '../../words/price.ts'
import { ActProblem } from '../kit/act-problem.ts'
import { Act, type ReadField } from '../kit/act.tsx'
import { t } from '../texts/catalogue.ts'
import type { Subscription } from './money-words.ts'

type Changing = Pick<Subscription, 'id' | 'provider' | 'billingPeriod' | 'currency' | 'plan' | 'scheduledChange'>

const words = t.money.change

/** Changes a customer's plan, and says first what they pay. */
export function ChangeAct({ subscription }: { subscription: Changing }) {
  const { id, provider, currency, plan: present, scheduledChange } = subscription
  const query = useQuery(trpc.billing.plans.list.queryOptions())
  // At the price that the change leads to: for the same period as today, if the plan is sold for it.
  const offered = (query.data ?? [])
    .flatMap((plan) => planAt(plan, {}, heldTerms(subscription)) ?? [])
    .filter((plan) => plan.currency === currency && plan.provider === provider)
  // What was shown last is what is charged.
  const shown = useRef<{ planCode: string; at: string; prorationDate: Date } | null>(null)
  const inputOf = (read: ReadField) => ({
    ...{ id, planCode: read('planCode') },
    at: read('at') === 'period_end' ? ('period_end' as const) : ('now' as const),
  })
  // The current plan is a choice only while it would drop a scheduled change.
  const choices = offered.filter((plan) => plan.id !== present.id || scheduledChange !== null)
  if (choices.length === 0) return null
  return (
    <Act
      open={words.open}
      title={words.title}
      confirm={words.confirm}
      done={words.done}
      consequences={async (read) => {
        const input = inputOf(read)
        if (input.planCode === '') return [t.money.moves.choosePlan]
        const plan = offered.find(({ code }) => code === input.planCode)
        const preview = await api.admin.subscriptions.previewChange.query(input)
        const { dueNowCents, creditCents, nextPaymentCents, nextPaymentAt, takesEffectAt, prorationDate } = preview
        shown.current = { ...input, prorationDate }
        const [name, price] = [plan?.name ?? input.planCode, plan ? formatPrice(plan) : '']
        const isKept = plan?.id === present.id && scheduledChange !== null
        return [
          isKept
            ? words.stays(name)
            : input.at === 'now'
              ? words.atOnce(name, price)
              : words.later(name, price, formatDay(takesEffectAt)),
          ...(scheduledChange && !isKept ? [words.drops(scheduledChange.plan.name)] : []),
          dueNowCents > 0 ? words.charged(formatMoney(dueNowCents, currency)) : words.nothingNow,
          ...(creditCents > 0 ? [words.credited(formatMoney(creditCents, currency))] : []),
          words.next(formatMoney(nextPaymentCents, currency), formatDay(nextPaymentAt)),
          ...(isKept ? [] : [words.mail]),
        ]
      }}
      run={(read) => {
        const input = inputOf(read)
        if (input.planCode === '') throw new ActProblem(t.money.moves.choosePlan)
        const isShown = shown.current?.planCode === input.planCode && shown.current.at === input.at
        if (!shown.current || !isShown) throw new ActProblem(t.money.moves.lookAgain)
        const { prorationDate } = shown.current
        return api.admin.subscriptions.change.mutate({ ...input, prorationDate })
      }}
    >
      <Select
        name="planCode"
        label={words.plan}
        options={[
          { value: '', label: t.money.moves.choosePlan },
          ...choices.map((plan) => ({
            value: plan.code,
            label: t.money.moves.target(plan.name, formatPrice(plan)),
          })),
        ]}
      />
      <Select
        name="at"
        label={words.when}
        options={[
          { value: 'now', label: words.now },
          { value: 'period_end', label: words.atPeriodEnd },
        ]}
      />
    </Act>
  )
}

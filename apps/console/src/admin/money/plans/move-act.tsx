import { useQuery } from '@tanstack/react-query'
import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { useRef } from 'react'
import { api, trpc } from '../../../api.ts'
import { Select } from '../../../parts/select.tsx'
import { formatDay } from '../../../words/dates.ts'
import { formatPrice } from '../../../words/price.ts'
import { ActProblem, operatorsText } from '../../kit/act-problem.ts'
import { Act, type ReadField } from '../../kit/act.tsx'
import { t } from '../../texts/catalogue.ts'
import type { PlanDetails } from './plan-words.ts'

type Preview = RouterOutputs['admin']['plans']['previewMove']

const words = t.money.moves
/** Maximum number of prices that the dialog lists. */
const KINDS = 5
const EVERYONE = 'all'

/** Moves the subscribers of a plan, and says first what each kind of them pays and who stays. */
export function MoveAct({ plan }: { plan: PlanDetails }) {
  const query = useQuery(trpc.billing.plans.list.queryOptions())
  const sold = (query.data ?? []).filter(({ provider }) => provider === plan.provider)
  const targets = sold.toSorted((one, other) => Number(one.id === plan.id) - Number(other.id === plan.id))
  const prices = [
    ...new Map(
      plan.prices.filter(({ subscribers }) => subscribers > 0).map((each) => [each.priceCents, each]),
    ).values(),
  ]
  // The price that was shown last. If it is another one by now, the API refuses.
  const shown = useRef<Pick<Preview, 'to' | 'priceRef'> | null>(null)
  const inputOf = (read: ReadField) => ({
    ...{ planId: plan.id, toPlanCode: read('toPlanCode') },
    at: read('at') === 'now' ? ('now' as const) : ('period_end' as const),
    ...(read('who') === EVERYONE ? {} : { unitPriceCents: Number(read('who')) }),
  })
  if (targets.length === 0) return null
  return (
    <Act
      open={words.open}
      title={words.title}
      confirm={words.confirm}
      done={words.done}
      consequences={async (read) => {
        if (read('toPlanCode') === '') return [words.choosePlan]
        const preview = await api.admin.plans.previewMove.query(inputOf(read))
        shown.current = preview
        return consequencesOf(preview)
      }}
      run={(read) => {
        const input = inputOf(read)
        if (input.toPlanCode === '') throw new ActProblem(words.choosePlan)
        if (shown.current?.to.code !== input.toPlanCode) throw new ActProblem(words.lookAgain)
        return api.admin.plans.move.mutate({ ...input, priceRef: shown.current.priceRef })
      }}
    >
      <Select
        name="toPlanCode"
        label={words.to}
        options={[
          { value: '', label: words.choosePlan },
          ...targets.map((target) => ({
            value: target.code,
            label: (target.id === plan.id ? words.samePlan : words.target)(target.name, formatPrice(target)),
          })),
        ]}
      />
      <Select
        name="at"
        label={words.when}
        options={[
          { value: 'period_end', label: words.atPeriodEnd },
          { value: 'now', label: words.now },
        ]}
      />
      {prices.length > 1 ? (
        <Select
          name="who"
          label={words.who}
          options={[
            { value: EVERYONE, label: words.everyone },
            ...prices.map((each) => ({ value: String(each.priceCents), label: words.payers(formatPrice(each)) })),
          ]}
        />
      ) : (
        <input type="hidden" name="who" value={EVERYONE} />
      )}
    </Act>
  )
}

function consequencesOf(preview: Preview): string[] {
  const { movable, subscribers, kinds, totals, at, isEstimate, firstAt, lastAt } = preview
  if (subscribers === 0) throw new ActProblem(words.noSubscribers)
  const staying = preview.refusals.map(({ reason, count }) => words.stay(count, operatorsText(reason) ?? reason))
  if (movable === 0) throw new ActProblem([words.none, ...staying].join(' '))
  return [
    words.count(movable, subscribers),
    ...kinds.slice(0, KINDS).map((kind) => kindText(kind, preview)),
    ...(kinds.length > KINDS || preview.hasMoreKinds ? [words.moreKinds] : []),
    at === 'now' || !firstAt || !lastAt ? words.atOnce : words.between(formatDay(firstAt), formatDay(lastAt)),
    ...totals.flatMap(({ currency, dueNowCents, creditCents, mrrBeforeCents, mrrAfterCents }) => [
      ...(dueNowCents === 0 && creditCents === 0 ? [words.nothingNow] : []),
      ...(dueNowCents > 0 ? [words.dueNow(formatMoney(dueNowCents, currency))] : []),
      ...(creditCents > 0 ? [words.creditNow(formatMoney(creditCents, currency))] : []),
      words.mrr(formatMoney(mrrBeforeCents, currency), formatMoney(mrrAfterCents, currency)),
    ]),
    ...(isEstimate ? [words.estimate] : []),
    ...staying,
    words.mails,
  ]
}

function kindText(
  { count, status, unitPriceCents, currency, interval, seats }: Preview['kinds'][number],
  { to }: Preview,
) {
  const billingPeriod = interval.unit === 'year' ? 'yearly' : 'monthly'
  const before = formatPrice({ priceCents: unitPriceCents, currency, billingPeriod, interval, seats })
  return words.kind(count, t.money.statuses[status], before, formatPrice(to))
}

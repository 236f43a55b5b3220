import { useQuery } from '@tanstack/react-query'
import { api, trpc } from '../../api.ts'
import { Field } from '../../parts/field.tsx'
import { Select } from '../../parts/select.tsx'
import { formatDay } from '../../words/dates.ts'
import { formatPrice } from '../../words/price.ts'
import { Act } from '../kit/act.tsx'
import { endOfDay } from '../kit/end-of-day.ts'
import { t } from '../texts/catalogue.ts'

const words = t.money.grant

/**
 * Gives an account a plan for free.
 *
 * @param accountId the account; without it, the form asks for it.
 */
export function GrantAct({ accountId }: { accountId?: string }) {
  const plans = useQuery(trpc.billing.plans.list.queryOptions())
  const options = (plans.data ?? []).map((plan) => ({
    value: plan.code,
    label: t.money.moves.target(plan.name, formatPrice(plan)),
  }))
  return (
    <Act
      open={words.open}
      title={words.title}
      confirm={words.confirm}
      done={words.done}
      consequences={(read) => {
        const until = endOfDay(read('until'))
        const plan = options.find(({ value }) => value === read('planCode'))
        if (!until || !plan) return [words.chooseDay]
        return [words.gives(plan.label, formatDay(until)), words.free, words.mail]
      }}
      run={(read) =>
        api.admin.subscriptions.grant.mutate({
          accountId: accountId ?? read('accountId').trim(),
          planCode: read('planCode'),
          until: endOfDay(read('until')) ?? new Date(0),
        })
      }
    >
      {accountId === undefined && <Field name="accountId" label={t.money.accountId} required autoComplete="off" />}
      <Select name="planCode" label={words.plan} options={options} />
      <Field name="until" label={words.until} type="date" required />
    </Act>
  )
}

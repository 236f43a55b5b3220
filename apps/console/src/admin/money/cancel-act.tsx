import { formatMoney } from '@tollgate/client'
import { api } from '../../api.ts'
import { Select } from '../../parts/select.tsx'
import { formatDay, formatMoment } from '../../words/dates.ts'
import { Act, type ReadField } from '../kit/act.tsx'
import { t } from '../texts/catalogue.ts'

const words = t.money.cancel

/** Cancels a subscription or ends a grant, and says first what that means. */
export function CancelAct({ id }: { id: string }) {
  return (
    <Act
      open={words.open}
      title={words.title}
      tone="bad"
      confirm={words.confirm}
      done={words.done}
      consequences={(read) => consequencesOf(id, read)}
      run={(read) => api.admin.subscriptions.cancel.mutate({ id, at: momentOf(read) })}
    >
      <Select
        name="at"
        label={words.when}
        options={[
          { value: 'period_end', label: words.atPeriodEnd },
          { value: 'now', label: words.now },
        ]}
      />
    </Act>
  )
}

const momentOf = (read: ReadField) => (read('at') === 'now' ? 'now' : 'period_end')

async function consequencesOf(id: string, read: ReadField): Promise<string[]> {
  const at = momentOf(read)
  const preview = await api.admin.subscriptions.previewCancel.query({ id, at })
  if (preview.isDone || !preview.endsAt) return [words.nothing]
  const { endsAt, accessUntil, refundable, scheduledChange } = preview
  return [
    ...(at === 'now' ? [words.accessEnds] : [words.endsOn(formatMoment(endsAt))]),
    ...(accessUntil ? [words.accessUntil(formatMoment(accessUntil))] : []),
    words.noRefund,
    ...(refundable ? [words.refundable(formatMoney(refundable.amountCents, refundable.currency))] : []),
    ...(scheduledChange ? [words.dropsChange(scheduledChange.plan.name, formatDay(scheduledChange.at))] : []),
  ]
}

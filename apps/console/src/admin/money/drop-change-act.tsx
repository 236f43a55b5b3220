import { api } from '../../api.ts'
import { formatDay } from '../../words/dates.ts'
import { Act } from '../kit/act.tsx'
import { t } from '../texts/catalogue.ts'
import type { Subscription } from './money-words.ts'

const words = t.money.dropChange

interface Changing {
  subscription: Pick<Subscription, 'id' | 'plan'>
  scheduled: NonNullable<Subscription['scheduledChange']>
}

/** Drops the scheduled change of a customer's plan. */
export function DropChangeAct({ subscription: { id, plan }, scheduled }: Changing) {
  return (
    <Act
      open={words.open}
      title={words.title}
      confirm={words.confirm}
      done={words.done}
      consequences={() => [
        t.money.cancel.dropsChange(scheduled.plan.name, formatDay(scheduled.at)),
        words.keeps(plan.name),
        t.money.change.nothingNow,
        words.noMail,
      ]}
      run={() => api.admin.subscriptions.cancelChange.mutate({ id })}
    />
  )
}

import { api } from '../../api.ts'
import { Field } from '../../parts/field.tsx'
import { ActProblem } from '../kit/act-problem.ts'
import { Act } from '../kit/act.tsx'
import { t } from '../texts/catalogue.ts'
import type { Delivery, Endpoint } from './endpoint-words.tsx'

const words = t.programs.endpoints.deliveries

export function ResendAct({ delivery: { id } }: { delivery: Delivery }) {
  return (
    <Act
      open={words.resend}
      title={words.resendTitle}
      confirm={words.resendConfirm}
      done={words.resent}
      consequences={() => words.resendEffects}
      run={() => api.admin.webhooks.deliveries.resend.mutate({ id })}
    />
  )
}

/** Sends again what was given up since a day. */
export function ResendParkedAct({ endpoint: { id, createdAt } }: { endpoint: Endpoint }) {
  return (
    <Act
      open={words.resendParked}
      title={words.resendParkedTitle}
      confirm={words.resendParkedConfirm}
      done={words.resentParked}
      consequences={() => words.resendParkedEffects}
      run={(read) => {
        const since = new Date(`${read('since')}T00:00:00`)
        if (Number.isNaN(since.getTime())) throw new ActProblem(words.noSince)
        return api.admin.webhooks.deliveries.resend.mutate({ endpointId: id, since })
      }}
    >
      <Field
        name="since"
        label={words.since}
        hint={words.sinceHint}
        type="date"
        required
        defaultValue={localDay(createdAt)}
      />
    </Act>
  )
}

/** As the field writes it. */
const localDay = (at: Date): string =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)

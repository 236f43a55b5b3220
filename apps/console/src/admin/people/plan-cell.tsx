import type { RouterOutputs } from '@tollgate/client'
import { Badge } from '../../parts/badge.tsx'
import { formatPrice } from '../../words/price.ts'
import type { Tone } from '../../words/tone.ts'
import { t } from '../texts/catalogue.ts'

export type Summary = NonNullable<RouterOutputs['admin']['users']['list']['items'][number]['subscription']>
export type Access = RouterOutputs['admin']['accounts']['get']['access']

export const REASON_TONES: Record<Access['reason'], Tone> = {
  ...{ active: 'good', trialing: 'good', ending: 'calm', past_due_grace: 'warning', pending: 'calm', paused: 'calm' },
  ...{ past_due: 'bad', unpaid: 'bad', ended: 'calm', no_subscription: 'calm' },
  ...{ user_disabled: 'bad', account_deleted: 'bad' },
}

/** A plan with its price, and whether it gives access. */
export function PlanCell({ plan }: { plan: Summary | null }) {
  if (!plan) return <span className="quiet">{t.people.noPlan}</span>
  return (
    <span className="people-plan" title={formatPrice(plan)}>
      {plan.planName}{' '}
      {plan.accessReason !== 'active' && (
        <Badge tone={REASON_TONES[plan.accessReason]} label={t.accounts.reasons[plan.accessReason]} />
      )}
    </span>
  )
}

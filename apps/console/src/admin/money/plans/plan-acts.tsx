import { api } from '../../../api.ts'
import { Field } from '../../../parts/field.tsx'
import { Select } from '../../../parts/select.tsx'
import { Act, ActOn, type ReadField } from '../../kit/act.tsx'
import { t } from '../../texts/catalogue.ts'
import { choicesOf } from '../money-words.ts'
import { effectsOf } from './plan-effects.ts'
import { PlanFields } from './plan-fields.tsx'
import { newsOf } from './plan-news.ts'
import { hasOnePrice, liveOf, priceOf, providerOf, termsOf, type Plan } from './plan-words.ts'

const words = t.money.plans

export function CreatePlanAct() {
  const currencyOf = (read: ReadField) => read('currency').trim().toLowerCase() || 'usd'
  return (
    <Act
      open={words.create}
      title={words.createTitle}
      confirm={words.createConfirm}
      done={words.created}
      fieldOf={{ PLAN_CODE_TAKEN: 'code', PROVIDER_UNSUPPORTED: 'provider' }}
      consequences={() => [words.createEffect, words.createCode]}
      run={(read) =>
        api.billing.plans.create.mutate({
          ...termsOf(read),
          ...priceOf(read, currencyOf(read)),
          ...{ code: read('code').trim(), currency: currencyOf(read), provider: providerOf(read('provider')) },
        })
      }
    >
      <Field name="code" label={words.code} required pattern="[a-z0-9_\-]{2,64}" autoComplete="off" />
      <Select name="provider" label={words.provider} options={choicesOf(words.providers)} />
      <Field name="currency" label={words.currency} required maxLength={3} defaultValue="usd" autoComplete="off" />
      <PlanFields />
    </Act>
  )
}

/** Changes a plan, and says first who keeps the old price and what everyone sees. */
export function EditPlanAct({ plan }: { plan: Plan }) {
  const inputOf = (read: ReadField, seen: Plan) => ({
    ...{ id: seen.id, revision: seen.revision },
    ...termsOf(read),
    ...(hasOnePrice(seen) && priceOf(read, seen.currency)),
  })
  return (
    <ActOn
      seen={plan}
      news={newsOf(plan)}
      open={words.edit}
      title={words.editTitle}
      confirm={words.editConfirm}
      done={words.edited}
      consequences={async (read, seen) => effectsOf(seen, inputOf(read, seen))}
      run={(read, seen) => api.billing.plans.update.mutate(inputOf(read, seen))}
    >
      {(seen) => <PlanFields plan={seen} />}
    </ActOn>
  )
}

export function ArchivePlanAct({ plan }: { plan: Plan }) {
  return (
    <ActOn
      seen={plan}
      news={newsOf(plan)}
      open={words.archive}
      title={words.archiveTitle}
      tone="bad"
      confirm={words.archiveConfirm}
      done={words.archived}
      consequences={(_, seen) => [words.noNew, words.keepIt(liveOf(seen)), words.archiveForGood]}
      run={(_, { id, revision }) => api.billing.plans.delete.mutate({ id, revision })}
    />
  )
}

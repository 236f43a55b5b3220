import { useState } from 'react'
import { api } from '../../../api.ts'
import { Field } from '../../../parts/field.tsx'
import { Select } from '../../../parts/select.tsx'
import { ActOn, type ReadField } from '../../kit/act.tsx'
import { FieldRows } from '../../kit/field-rows.tsx'
import { t } from '../../texts/catalogue.ts'
import { choicesOf } from '../money-words.ts'
import { effectsOf } from './plan-effects.ts'
import { newsOf } from './plan-news.ts'
import type { Plan } from './plan-words.ts'
import { readFeatures, ROWS, type FeatureValue } from './read-features.ts'

const words = t.money.features

/** Changes what a plan allows, for all of its subscribers. */
export function FeaturesAct({ plan }: { plan: Plan }) {
  const inputOf = (read: ReadField, { id, revision, features }: Plan) => ({
    ...{ id, revision },
    features: readFeatures(read, features),
  })
  return (
    <ActOn
      seen={plan}
      news={newsOf(plan)}
      open={words.open}
      title={words.title}
      confirm={words.confirm}
      done={words.done}
      consequences={async (read, seen) => effectsOf(seen, inputOf(read, seen))}
      run={(read, seen) => api.billing.plans.update.mutate(inputOf(read, seen))}
    >
      {(seen) => (
        <FieldRows
          name={ROWS}
          values={Object.entries(seen.features)}
          legend={words.nth}
          add={words.add}
          remove={words.remove}
          fields={(entry, nameOf) => <FeatureFields entry={entry} nameOf={nameOf} />}
        />
      )}
    </ActOn>
  )
}

interface FeatureFieldsProps {
  entry: readonly [string, FeatureValue] | null
  nameOf: (field: string) => string
}

function FeatureFields({ entry, nameOf }: FeatureFieldsProps) {
  const [name, value] = entry ?? ['', true]
  const [allows, setAllows] = useState<string>(value === true || value.limit === null ? 'any' : 'limit')
  const terms = value === true ? null : value
  return (
    <>
      <Field
        name={nameOf('name')}
        label={words.name}
        required
        pattern="[a-z0-9_.\-]{1,64}"
        title={words.nameHint}
        defaultValue={name}
        autoComplete="off"
      />
      <Select
        name={nameOf('allows')}
        label={words.allows}
        options={choicesOf(words.amounts)}
        value={allows}
        onChange={({ target }) => setAllows(target.value)}
      />
      <Select
        key={allows}
        name={nameOf('per')}
        label={words.per}
        options={choicesOf(words.pers)}
        defaultValue={terms?.per ?? (allows === 'limit' ? 'period' : 'total')}
      />
      {allows === 'limit' && (
        <>
          <Field
            name={nameOf('limit')}
            label={words.limit}
            required
            inputMode="numeric"
            defaultValue={terms?.limit ?? ''}
            autoComplete="off"
          />
          <Field
            name={nameOf('unitPriceCents')}
            label={words.overage}
            hint={words.overageHint}
            inputMode="decimal"
            defaultValue={terms?.overage?.unitPriceCents ?? ''}
            autoComplete="off"
          />
        </>
      )}
    </>
  )
}

import { useState } from 'react'
import { api } from '../../../api.ts'
import { Field } from '../../../parts/field.tsx'
import { Select } from '../../../parts/select.tsx'
import { ActProblem } from '../../kit/act-problem.ts'
import { Act, type ReadField } from '../../kit/act.tsx'
import { FieldRows, readRows } from '../../kit/field-rows.tsx'
import { t } from '../../texts/catalogue.ts'
import { choicesOf } from '../money-words.ts'
import { effectsOf } from './plan-effects.ts'
import type { Plan } from './plan-words.ts'

type Features = Plan['features']
type Value = Features[string]

const words = t.money.features
const ROWS = 'features'

/** Changes what a plan allows, for all of its subscribers. */
export function FeaturesAct({ plan }: { plan: Plan }) {
  const inputOf = (read: ReadField) => ({ id: plan.id, features: featuresOf(read) })
  return (
    <Act
      open={words.open}
      title={words.title}
      confirm={words.confirm}
      done={words.done}
      consequences={async (read) => effectsOf(plan, inputOf(read))}
      run={(read) => api.billing.plans.update.mutate(inputOf(read))}
    >
      <FieldRows
        name={ROWS}
        values={Object.entries(plan.features)}
        legend={words.nth}
        add={words.add}
        remove={words.remove}
        fields={(entry, nameOf) => <FeatureFields entry={entry} nameOf={nameOf} />}
      />
    </Act>
  )
}

/** @throws {ActProblem} for a feature that is named twice, a limit that is no whole number, or a price that is none. */
function featuresOf(read: ReadField): Features {
  const rows = readRows(read, ROWS).map((of) => [of('name').trim(), valueOf(of)] as const)
  const twice = rows.find(([name], place) => rows.findIndex(([other]) => other === name) !== place)
  if (twice) throw new ActProblem(words.twice(twice[0]))
  return Object.fromEntries(rows)
}

function valueOf(of: ReadField): Value {
  const name = of('name').trim()
  if (name === '') throw new ActProblem(words.unnamed)
  if (of('allows') !== 'limit') return true
  const limit = of('limit').trim()
  if (!/^\d{1,15}$/.test(limit)) throw new ActProblem(words.noLimit(name))
  const price = of('unitPriceCents').trim().replace(',', '.')
  if (price !== '' && !/^\d{1,9}(\.\d{1,6})?$/.test(price)) throw new ActProblem(words.noPrice(name))
  return {
    limit: Number(limit),
    per: PERS.find((per) => per === of('per')) ?? 'period',
    ...(price !== '' && { overage: { unitPriceCents: Number(price) } }),
  }
}

const PERS = ['period', 'month', 'day', 'total'] as const

interface FeatureFieldsProps {
  entry: readonly [string, Value] | null
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
          <Select
            name={nameOf('per')}
            label={words.per}
            options={choicesOf(words.pers)}
            defaultValue={terms?.per ?? 'period'}
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

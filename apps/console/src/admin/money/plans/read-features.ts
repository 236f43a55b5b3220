import { ActProblem } from '../../kit/act-problem.ts'
import type { ReadField } from '../../kit/act.tsx'
import { readRows } from '../../kit/field-rows.tsx'
import { readWhole } from '../../kit/read-whole.ts'
import { t } from '../../texts/catalogue.ts'
import type { Plan } from './plan-words.ts'

export type FeatureValue = Plan['features'][string]
type Features = Readonly<Record<string, FeatureValue>>

/** Begins the names of the form's fields. */
export const ROWS = 'features'

const words = t.money.features
const PERS = ['period', 'month', 'day', 'total'] as const

/**
 * Reads the form with a plan's features.
 *
 * @param present the plan's features. A value that the operator leaves alone stays exactly as it is.
 * @throws {ActProblem} for a feature without a name, or one that is listed twice.
 * @throws {ActProblem} for a limit that is not a whole number, or a price that is not a positive number.
 */
export function readFeatures(read: ReadField, present: Features): Record<string, FeatureValue> {
  const rows = readRows(read, ROWS).map((of) => {
    const name = of('name').trim()
    if (name === '') throw new ActProblem(words.unnamed)
    return [name, readValue(of, name, present[name])] as const
  })
  const twice = rows.find(([name], place) => rows.findIndex(([other]) => other === name) !== place)
  if (twice) throw new ActProblem(words.twice(twice[0]))
  return Object.fromEntries(rows)
}

function readValue(of: ReadField, name: string, present: FeatureValue | undefined): FeatureValue {
  const per = PERS.find((each) => each === of('per')) ?? 'period'
  if (of('allows') !== 'limit') return per === 'total' ? anyInTotal(present) : { limit: null, per }
  const limit = readWhole(of('limit'))
  if (limit === null) throw new ActProblem(words.noLimit(name))
  const price = of('unitPriceCents').trim()
  const isPrice = /^\d{1,9}(\.\d{1,6})?$/.test(price) && Number(price) > 0
  if (price !== '' && !isPrice) throw new ActProblem(words.noPrice(name))
  return { limit, per, ...(isPrice && { overage: { unitPriceCents: Number(price) } }) }
}

/** `true` is short for it. A plan that has the long form keeps that. */
function anyInTotal(present: FeatureValue | undefined): FeatureValue {
  const isLong = typeof present === 'object' && present.limit === null && present.per === 'total'
  return isLong ? present : true
}

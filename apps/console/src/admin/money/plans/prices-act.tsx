import { api } from '../../../api.ts'
import { Field } from '../../../parts/field.tsx'
import { Select } from '../../../parts/select.tsx'
import { ActProblem } from '../../kit/act-problem.ts'
import { ActOn, type ReadField } from '../../kit/act.tsx'
import { FieldRows, readRows } from '../../kit/field-rows.tsx'
import { t } from '../../texts/catalogue.ts'
import { choicesOf } from '../money-words.ts'
import { readAmount } from '../read-amount.ts'
import { effectsOf } from './plan-effects.ts'
import { newsOf } from './plan-news.ts'
import { providerOf, typedAmount, type Plan } from './plan-words.ts'

const words = t.money.offers
const ROWS = 'prices'

/** Changes the prices at which a plan is sold. Subscribers who pay an old price keep it. */
export function PricesAct({ plan }: { plan: Plan }) {
  const inputOf = (read: ReadField, { id, revision }: Plan) => ({ id, revision, prices: pricesOf(read) })
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
          values={seen.prices}
          legend={words.nth}
          add={words.add}
          remove={words.remove}
          fields={(price, nameOf) => <PriceFields price={price} isPerSeat={isPerSeat(seen)} nameOf={nameOf} />}
        />
      )}
    </ActOn>
  )
}

const isPerSeat = ({ prices }: Plan): boolean => prices.some(({ perSeatCents }) => perSeatCents !== null)

/** @throws {ActProblem} for an amount that the currency does not have, or if there is no price. */
function pricesOf(read: ReadField) {
  const rows = readRows(read, ROWS).map((of) => {
    const currency = of('currency').trim().toLowerCase()
    const amountOf = (field: string): number => {
      if (of(field).trim() === '') throw new ActProblem(words.missing)
      return readAmount(of(field), currency)
    }
    return {
      billingPeriod: of('billingPeriod') === 'yearly' ? ('yearly' as const) : ('monthly' as const),
      currency,
      priceCents: amountOf('priceCents'),
      provider: providerOf(of('provider')),
      ...(of('perSeatCents') !== '' && { perSeatCents: amountOf('perSeatCents') }),
    }
  })
  if (rows.length === 0) throw new ActProblem(words.needsOne)
  return rows
}

interface PriceFieldsProps {
  price: Plan['prices'][number] | null
  isPerSeat: boolean
  nameOf: (field: string) => string
}

function PriceFields({ price, isPerSeat: hasSeats, nameOf }: PriceFieldsProps) {
  const typed = (cents: number | null | undefined) =>
    price && typeof cents === 'number' ? typedAmount(cents, price.currency) : ''
  return (
    <>
      <Select
        name={nameOf('billingPeriod')}
        label={t.money.plans.period}
        options={choicesOf(t.money.plans.periods)}
        defaultValue={price?.billingPeriod}
      />
      <Field
        name={nameOf('currency')}
        label={t.money.plans.currency}
        required
        maxLength={3}
        defaultValue={price?.currency ?? 'usd'}
        autoComplete="off"
      />
      <Field
        name={nameOf('priceCents')}
        label={t.money.price}
        required
        inputMode="decimal"
        defaultValue={typed(price?.priceCents)}
        autoComplete="off"
      />
      {hasSeats && (
        <Field
          name={nameOf('perSeatCents')}
          label={words.perSeat}
          required
          inputMode="decimal"
          defaultValue={typed(price?.perSeatCents)}
          autoComplete="off"
        />
      )}
      <Select
        name={nameOf('provider')}
        label={t.money.plans.provider}
        options={choicesOf(t.money.plans.providers)}
        defaultValue={price?.provider}
      />
    </>
  )
}

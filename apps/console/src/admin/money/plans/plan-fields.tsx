import { Field } from '../../../parts/field.tsx'
import { Select } from '../../../parts/select.tsx'
import { TextArea } from '../../../parts/text-area.tsx'
import { t } from '../../texts/catalogue.ts'
import { choicesOf } from '../money-words.ts'
import { hasOnePrice, tierLabel, typedAmount, type Plan } from './plan-words.ts'

const words = t.money.plans

/** The fields of a plan's terms: empty for a new plan. */
export function PlanFields({ plan }: { plan?: Plan }) {
  return (
    <>
      <Field name="name" label={words.name} required maxLength={100} defaultValue={plan?.name} autoComplete="off" />
      <TextArea
        name="description"
        label={words.description}
        hint={words.descriptionHint}
        maxLength={500}
        rows={4}
        defaultValue={plan?.description ?? ''}
      />
      {hasOnePrice(plan) && (
        <>
          <Field
            name="priceCents"
            label={plan ? words.price(plan.currency.toUpperCase()) : words.newPrice}
            required
            inputMode="decimal"
            defaultValue={plan && typedAmount(plan.priceCents, plan.currency)}
            autoComplete="off"
          />
          <Select
            name="billingPeriod"
            label={words.period}
            options={choicesOf(words.periods)}
            defaultValue={plan?.billingPeriod}
          />
        </>
      )}
      <Select
        name="tier"
        label={words.tier}
        options={choicesOf({ ...words.tiers, ...(plan && { [plan.tier]: tierLabel(plan.tier) }) })}
        defaultValue={plan?.tier ?? 'pro'}
      />
      <Field
        name="trialDays"
        label={words.trialDays}
        type="number"
        min={0}
        max={730}
        defaultValue={plan?.trialDays ?? 0}
      />
      <Field
        name="sortOrder"
        label={words.sortOrder}
        hint={words.sortHint}
        type="number"
        defaultValue={plan?.sortOrder ?? 0}
      />
      <Select
        name="highlighted"
        label={words.highlighted}
        options={[
          { value: 'no', label: t.kit.no },
          { value: 'yes', label: t.kit.yes },
        ]}
        defaultValue={plan?.highlighted ? 'yes' : 'no'}
      />
    </>
  )
}

import { useState } from 'react'
import { Field } from '../../../parts/field.tsx'
import { Select } from '../../../parts/select.tsx'
import { Choices } from '../../kit/choices.tsx'
import { t } from '../../texts/catalogue.ts'
import { choicesOf } from '../money-words.ts'

const words = t.discounts

/** The fields of a new discount. */
export function DiscountFields({ plans }: { plans: readonly { code: string; label: string }[] }) {
  const [kind, setKind] = useState('percent')
  const [duration, setDuration] = useState('once')
  const [hasCode, setHasCode] = useState(false)
  const [hasMinimum, setHasMinimum] = useState(false)
  const currency = (
    <Field name="currency" label={words.currency} required maxLength={3} defaultValue="usd" autoComplete="off" />
  )
  return (
    <>
      <Field name="name" label={words.name} hint={words.nameHint} required maxLength={40} autoComplete="off" />
      <Select
        name="kind"
        label={words.kind}
        options={choicesOf(words.kinds)}
        value={kind}
        onChange={({ target }) => setKind(target.value)}
      />
      {kind === 'percent' ? (
        <Field name="percentOff" label={words.percentOff} required inputMode="decimal" autoComplete="off" />
      ) : (
        <>
          <Field name="amountOff" label={words.amountOff} required inputMode="decimal" autoComplete="off" />
          {currency}
        </>
      )}
      <Select
        name="duration"
        label={words.duration}
        options={choicesOf(words.durations)}
        value={duration}
        onChange={({ target }) => setDuration(target.value)}
      />
      {duration === 'repeating' && (
        <Field name="months" label={words.months} required type="number" min={1} max={120} />
      )}
      <Field
        name="code"
        label={words.code}
        hint={words.codeHint}
        maxLength={64}
        autoComplete="off"
        onChange={({ target }) => setHasCode(target.value.trim() !== '')}
      />
      {hasCode && (
        <>
          <Select
            name="firstTimeOnly"
            label={words.who}
            options={[
              { value: 'no', label: words.everyone },
              { value: 'yes', label: words.newCustomers },
            ]}
          />
          <Field
            name="minimumAmount"
            label={words.minimum}
            hint={words.minimumHint}
            inputMode="decimal"
            autoComplete="off"
            onChange={({ target }) => setHasMinimum(target.value.trim() !== '')}
          />
          {hasMinimum && kind === 'percent' && currency}
        </>
      )}
      <Field name="maxRedemptions" label={words.maxRedemptions} hint={words.maxHint} type="number" min={1} />
      <Field name="expiresAt" label={words.expires} hint={words.expiresHint} type="date" />
      {plans.length > 0 && (
        <Choices
          name="plan"
          label={words.plans}
          hint={words.plansHint}
          options={plans.map(({ code, label }) => ({ value: code, label }))}
        />
      )}
    </>
  )
}

import { Field } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { Select } from '../../parts/select.tsx'
import { t } from '../../texts/catalogue.ts'
import { likelyTaxIdType, taxIdTypeOptions } from '../../words/tax-ids.ts'
import { useTaxIdChange } from './use-details.ts'

interface AddTaxIdProps {
  /** Of the address. */
  country: string | undefined
  /** Called with a short message about what was done. */
  onAdded: (what: string) => void
}

/** Adds a tax id to those that are there. */
export function AddTaxId({ country, onAdded }: AddTaxIdProps) {
  const change = useTaxIdChange()
  const words = t.billingDetails.taxIds
  return (
    <Form
      submit={words.add}
      busy={change.isPending}
      error={change.error}
      nameOf={(field) => (field.endsWith('.type') ? 'type' : 'value')}
      onSubmit={(read) => {
        const added = { type: read('type'), value: read('value').trim() }
        change.mutate((present) => [...present, added], { onSuccess: () => onAdded(words.added(added.value)) })
      }}
    >
      <Select
        key={country}
        name="type"
        label={words.typeLabel}
        options={taxIdTypeOptions()}
        defaultValue={likelyTaxIdType(country)}
      />
      <Field name="value" label={words.number} hint={words.numberHint} autoComplete="off" required maxLength={50} />
    </Form>
  )
}

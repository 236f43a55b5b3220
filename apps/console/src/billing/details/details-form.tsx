import { useMutation } from '@tanstack/react-query'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { Field } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Select } from '../../parts/select.tsx'
import { t } from '../../texts/catalogue.ts'
import { countryOptions } from '../../words/countries.ts'
import { useKeepDetails, type BillingDetails } from './use-details.ts'

/** The name and address that invoices are made out to. */
export function DetailsForm({ details: { name, address } }: { details: BillingDetails }) {
  const account = useAccountInput()
  const update = useMutation(trpc.billing.details.update.mutationOptions(useKeepDetails()))
  const words = t.billingDetails
  return (
    <section className="card" aria-labelledby="invoiced-to">
      <h2 id="invoiced-to">{words.invoicedTo}</h2>
      <Form
        submit={words.save}
        busy={update.isPending}
        error={update.error}
        nameOf={(field) => (field === 'address' ? 'address.line1' : field)}
        onSubmit={(read) =>
          update.mutate({
            ...account,
            name: read('name'),
            address: {
              ...{ line1: read('address.line1'), line2: read('address.line2'), city: read('address.city') },
              ...{ postalCode: read('address.postalCode'), state: read('address.state') },
              country: read('address.country'),
            },
          })
        }
      >
        <Field
          name="name"
          label={words.name}
          autoComplete="organization"
          required
          maxLength={150}
          defaultValue={name ?? ''}
        />
        <Select
          key={address?.country}
          name="address.country"
          label={words.country}
          autoComplete="country"
          required
          options={[{ value: '', label: words.chooseCountry }, ...countryOptions(address?.country)]}
          defaultValue={address?.country ?? ''}
        />
        <AddressField part="line1" address={address} autoComplete="address-line1" maxLength={200} />
        <AddressField part="line2" address={address} autoComplete="address-line2" maxLength={200} />
        <div className="field-pair">
          <AddressField part="postalCode" address={address} autoComplete="postal-code" maxLength={20} />
          <AddressField part="city" address={address} autoComplete="address-level2" maxLength={100} />
        </div>
        <AddressField part="state" address={address} autoComplete="address-level1" maxLength={100} />
        {update.isSuccess && <Notice tone="good">{words.saved}</Notice>}
      </Form>
    </section>
  )
}

interface AddressFieldProps {
  part: 'line1' | 'line2' | 'postalCode' | 'city' | 'state'
  address: BillingDetails['address']
  autoComplete: string
  maxLength: number
}

function AddressField({ part, address, ...input }: AddressFieldProps) {
  return (
    <Field {...input} name={`address.${part}`} label={t.billingDetails[part]} defaultValue={address?.[part] ?? ''} />
  )
}

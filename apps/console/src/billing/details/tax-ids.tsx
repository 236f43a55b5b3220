import { useRef, useState } from 'react'
import { Notice } from '../../parts/notice.tsx'
import { t } from '../../texts/catalogue.ts'
import { AddTaxId } from './add-tax-id.tsx'
import { TaxIdRow } from './tax-id-row.tsx'
import type { BillingDetails } from './use-details.ts'

/** As many as the backend takes. */
const MAX_TAX_IDS = 5

/** The tax ids on invoices, with what the registries say about them. */
export function TaxIds({ details: { taxIds, address } }: { details: BillingDetails }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const [done, setDone] = useState<{ what: string; times: number }>({ what: '', times: 0 })
  const words = t.billingDetails.taxIds
  const finish = (what: string) => {
    setDone(({ times }) => ({ what, times: times + 1 }))
    heading.current?.focus() // the button that was clicked is gone
  }
  return (
    <section className="card" aria-labelledby="tax-ids">
      <h2 id="tax-ids" tabIndex={-1} ref={heading}>
        {words.title}
      </h2>
      {done.what && <Notice tone="good">{done.what}</Notice>}
      {taxIds.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <ul className="card-rows">
          {taxIds.map((taxId) => (
            <TaxIdRow key={`${taxId.type} ${taxId.value}`} taxId={taxId} onRemoved={finish} />
          ))}
        </ul>
      )}
      {taxIds.length < MAX_TAX_IDS ? (
        <AddTaxId key={done.times} country={address?.country} onAdded={finish} />
      ) : (
        <p className="quiet">{words.full(MAX_TAX_IDS)}</p>
      )}
    </section>
  )
}

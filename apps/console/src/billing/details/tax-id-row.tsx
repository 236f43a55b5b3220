import { useId } from 'react'
import { Badge } from '../../parts/badge.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { t } from '../../texts/catalogue.ts'
import { describeTaxIdStatus, describeTaxIdType, type TaxId } from '../../words/tax-ids.ts'
import { useTaxIdChange } from './use-details.ts'

interface TaxIdRowProps {
  taxId: TaxId
  /** Called with a short message about what was done. */
  onRemoved: (what: string) => void
}

/** A tax id with its status, and the way to remove it. */
export function TaxIdRow({ taxId, onRemoved }: TaxIdRowProps) {
  const change = useTaxIdChange()
  const id = useId()
  const words = t.billingDetails.taxIds
  const { type, value } = taxId
  const status = describeTaxIdStatus(taxId)
  const remove = () =>
    change.mutate((present) => present.filter((each) => each.type !== type || each.value !== value), {
      onSuccess: () => onRemoved(words.removed(value)),
    })
  return (
    <li className="card-row" aria-labelledby={id}>
      <div>
        <p className="card-name" id={id}>
          <strong>{value}</strong>
          {status && <Badge {...status.badge} />}
        </p>
        <p className="quiet">{describeTaxIdType(type)}</p>
        {status?.meaning && <p className="quiet">{status.meaning}</p>}
      </div>
      <div className="actions">
        <Confirm
          open={words.remove}
          openFully={words.removeFully(value)}
          question={words.removeQuestion(value)}
          consequences={[words.removeMeans]}
          yes={words.removeYes}
          no={words.removeNo}
          busy={change.isPending}
          error={change.error}
          onYes={remove}
          onClose={change.reset}
        />
      </div>
    </li>
  )
}

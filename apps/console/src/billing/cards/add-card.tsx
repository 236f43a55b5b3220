import { useAccountInput } from '../../accounts/use-account.ts'
import { api } from '../../api.ts'
import { BusyButton } from '../../parts/busy-button.tsx'
import { Problem } from '../../parts/problem.tsx'
import { t } from '../../texts/catalogue.ts'
import { rememberDeparture } from '../checkout/departure-memory.ts'
import { useDeparture } from '../checkout/use-departure.ts'

/** Opens the provider's page on which a card is saved. */
export function AddCard() {
  const account = useAccountInput()
  const page = useDeparture(async () => {
    const { url } = await api.billing.cards.add.mutate(account)
    rememberDeparture(account)
    return url
  })
  return (
    <div className="add-card">
      <p className="quiet">{t.cards.check}</p>
      <p className="actions">
        <BusyButton busy={page.isLeaving} onClick={() => page.leave()}>
          {t.cards.add}
        </BusyButton>
      </p>
      {page.error && (
        <p role="alert">
          <Problem error={page.error} />
        </p>
      )}
    </div>
  )
}

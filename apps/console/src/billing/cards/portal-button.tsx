import { useAccountInput } from '../../accounts/use-account.ts'
import { api } from '../../api.ts'
import { BusyButton } from '../../parts/busy-button.tsx'
import { Problem } from '../../parts/problem.tsx'
import { t } from '../../texts/catalogue.ts'
import { rememberDeparture } from '../checkout/departure-memory.ts'
import { useDeparture } from '../checkout/use-departure.ts'

/** Opens the payment provider's portal, where users manage their cards and invoices. */
export function PortalButton({ label = t.billing.portal, quiet = true }: { label?: string; quiet?: boolean }) {
  const account = useAccountInput()
  const portal = useDeparture(async () => {
    const { url } = await api.billing.portal.mutate(account)
    rememberDeparture(account)
    return url
  })
  return (
    <>
      <BusyButton quiet={quiet} busy={portal.isLeaving} onClick={() => portal.leave()}>
        {label}
      </BusyButton>
      {portal.error && (
        <p role="alert">
          <Problem error={portal.error} />
        </p>
      )}
    </>
  )
}

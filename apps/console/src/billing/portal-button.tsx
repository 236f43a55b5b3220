import { errorText } from '@tollgate/client'
import { api } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { useDeparture } from './use-departure.ts'

/** Opens the payment provider's portal, where users manage their cards and invoices. */
export function PortalButton({ label = 'Cards and invoices', quiet = true }: { label?: string; quiet?: boolean }) {
  const portal = useDeparture(async () => (await api.billing.portal.mutate()).url)
  return (
    <>
      <BusyButton quiet={quiet} busy={portal.isLeaving} onClick={() => portal.leave()}>
        {label}
      </BusyButton>
      {portal.error && <p role="alert">{errorText(portal.error)}</p>}
    </>
  )
}

import { useMutation, useQuery } from '@tanstack/react-query'
import { errorText } from '@tollgate/client'
import { AccountLink } from '../../accounts/account-link.tsx'
import { useAccountInput } from '../../accounts/use-account.ts'
import { api, trpc } from '../../api.ts'
import { BusyButton } from '../../parts/busy-button.tsx'
import { saveFile } from '../../parts/save-file.ts'
import { t } from '../../texts/catalogue.ts'

/** Downloads all payments as a spreadsheet. On the free tier, it explains that this needs a paid plan. */
export function PaymentsExport() {
  const account = useAccountInput()
  const entitlement = useQuery(trpc.billing.entitlement.queryOptions(account))
  const download = useMutation({
    mutationFn: () => api.billing.payments.export.query(account),
    onSuccess: ({ filename, csv }) => saveFile(filename, 'text/csv;charset=utf-8', csv),
  })
  if (entitlement.data?.tier === 'free') {
    return (
      <p className="quiet payments-export">
        {t.billing.payments.exportNeedsPlan} <AccountLink to="/plans">{t.billing.seePlans}</AccountLink>
      </p>
    )
  }
  return (
    <>
      <BusyButton quiet busy={download.isPending} onClick={() => download.mutate()}>
        {t.billing.payments.export}
      </BusyButton>
      <p role="status">
        {download.isSuccess && t.billing.payments.exported}
        {download.error && errorText(download.error)}
      </p>
    </>
  )
}

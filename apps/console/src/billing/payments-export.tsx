import { useMutation, useQuery } from '@tanstack/react-query'
import { errorText } from '@tollgate/client'
import { AccountLink } from '../accounts/account-link.tsx'
import { useAccountInput } from '../accounts/use-account.ts'
import { api, trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { saveFile } from '../parts/save-file.ts'

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
        Paid plans let you download all payments as a spreadsheet. <AccountLink to="/plans">See the plans</AccountLink>
      </p>
    )
  }
  return (
    <>
      <BusyButton quiet busy={download.isPending} onClick={() => download.mutate()}>
        Download all as CSV
      </BusyButton>
      <p role="status">
        {download.isSuccess && 'Downloaded.'}
        {download.error && errorText(download.error)}
      </p>
    </>
  )
}

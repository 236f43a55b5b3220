import { isTollgateError } from '@tollgate/client'
import { Navigate } from 'react-router'
import { AccountLink } from '../accounts/account-link.tsx'
import { useAccount, useAccountPath } from '../accounts/use-account.ts'
import { DetailsForm } from '../billing/details/details-form.tsx'
import { TaxIds } from '../billing/details/tax-ids.tsx'
import { useDetails } from '../billing/details/use-details.ts'
import { CardSkeleton } from '../parts/card-skeleton.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { mayBill } from '../words/rights.ts'

/** Who invoices are made out to: name, address and tax ids. */
export function BillingDetails() {
  const user = useUser()
  const account = useAccount()
  const path = useAccountPath()
  const isManaged = account !== null && mayBill(account.role)
  const details = useDetails({ isEnabled: isManaged && user?.isVerified === true })
  const words = t.billingDetails
  if (account && user && !(isManaged && user.isVerified)) return <Navigate replace to={path('/subscription')} />
  return (
    <Page
      title={account?.kind === 'organization' ? words.titleOf(account.name) : words.title}
      above={<AccountLink to="/subscription">{words.back}</AccountLink>}
    >
      {details.data ? (
        <>
          <p className="quiet">{words.about}</p>
          <DetailsForm details={details.data} />
          <TaxIds details={details.data} />
        </>
      ) : details.isError ? (
        <Failure error={details.error} retry={() => void details.refetch()} />
      ) : (
        <>
          <CardSkeleton lines={19} />
          <CardSkeleton lines={8} />
        </>
      )}
    </Page>
  )
}

/** Another try is no use if the provider keeps no details. */
function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  if (!isTollgateError(error, 'PROVIDER_UNSUPPORTED')) return <LoadFailure error={error} retry={retry} />
  return (
    <Notice tone="calm">
      <Problem error={error} />
    </Notice>
  )
}

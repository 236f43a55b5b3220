import { useQuery } from '@tanstack/react-query'
import type { Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { InvitationList } from '../members/invitation-list.tsx'
import { Invite } from '../members/invite.tsx'
import { MemberList } from '../members/member-list.tsx'
import { OrganizationPage } from '../members/organization-page.tsx'
import { t } from '../texts/catalogue.ts'
import { mayManage } from '../words/rights.ts'
import { describeSeats } from '../words/seats.ts'

/** The members of an organization, and its invitations. Emails link here with the account in the URL. */
export function Members() {
  return (
    <OrganizationPage what={t.members.members}>
      {(organization) => (
        <>
          <Seats organization={organization} />
          <MemberList organization={organization} />
          {mayManage(organization.role) && (
            <>
              <h2 className="section-title">{t.members.invitations.title}</h2>
              <InvitationList organization={organization} />
              <Invite organization={organization} />
            </>
          )}
        </>
      )}
    </OrganizationPage>
  )
}

function Seats({ organization }: { organization: Account }) {
  const details = useQuery(trpc.accounts.get.queryOptions({ accountId: organization.id }))
  const seats = details.data && describeSeats(details.data.seats)
  return seats ? <p>{seats}</p> : null
}

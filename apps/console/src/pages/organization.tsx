import { DeleteOrganization } from '../members/delete-organization.tsx'
import { LeaveOrganization } from '../members/leave-organization.tsx'
import { OrganizationPage } from '../members/organization-page.tsx'
import { Rename } from '../members/rename.tsx'
import { t } from '../texts/catalogue.ts'
import { mayManage } from '../words/rights.ts'

/** An organization's name, and the ways out of it. */
export function Organization() {
  return (
    <OrganizationPage what={t.members.settings}>
      {(organization) => (
        <>
          {mayManage(organization.role) && <Rename organization={organization} />}
          <LeaveOrganization organization={organization} />
          {organization.role === 'owner' && <DeleteOrganization organization={organization} />}
        </>
      )}
    </OrganizationPage>
  )
}

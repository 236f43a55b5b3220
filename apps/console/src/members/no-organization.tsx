import { Link } from 'react-router'
import { Page } from '../parts/page.tsx'
import { t } from '../texts/catalogue.ts'

/** Shown in place of a page about an organization for the personal account, which has no members. */
export function NoOrganization({ title }: { title: string }) {
  return (
    <Page title={title} narrow>
      <p className="lead">{t.members.noOrganization}</p>
      <p className="actions">
        <Link className="button" to="/organizations/new">
          {t.accounts.create}
        </Link>
      </p>
    </Page>
  )
}

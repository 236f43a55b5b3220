import { Link } from 'react-router'
import { Page } from '../parts/page.tsx'

/** Shown in place of a page about an organization for the personal account, which has no members. */
export function NoOrganization({ title }: { title: string }) {
  return (
    <Page title={title} narrow>
      <p className="lead">
        This is your personal account. It has no other members. Create an organization to work with others, or choose
        one of yours at the top.
      </p>
      <p className="actions">
        <Link className="button" to="/organizations/new">
          Create an organization
        </Link>
      </p>
    </Page>
  )
}

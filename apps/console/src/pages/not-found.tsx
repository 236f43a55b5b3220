import { Link } from 'react-router'
import { Page } from '../parts/page.tsx'

export function NotFound() {
  return (
    <Page title="There is nothing here" narrow>
      <p className="lead">
        The address may be mistyped. <Link to="/">Begin at the front</Link>
      </p>
    </Page>
  )
}

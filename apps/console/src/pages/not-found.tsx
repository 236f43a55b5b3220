import { Link } from 'react-router'
import { Page } from '../parts/page.tsx'

export function NotFound() {
  return (
    <Page title="Page not found" narrow>
      <p className="lead">
        The address may be mistyped. <Link to="/">Go to the home page</Link>
      </p>
    </Page>
  )
}

import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'

/** Shown when a page throws an unexpected error. */
export function Broken() {
  return (
    <main id="content">
      <Page title="Something went wrong" narrow>
        <Notice tone="bad">
          <p>We could not show this page. Nothing you entered was sent twice.</p>
          <button type="button" className="button button-quiet" onClick={() => window.location.reload()}>
            Reload the page
          </button>
        </Notice>
      </Page>
    </main>
  )
}

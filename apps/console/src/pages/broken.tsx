import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'

/** Shown when a page throws an unexpected error. */
export function Broken() {
  return (
    <main id="content">
      <Page title="This page broke" narrow>
        <Notice tone="bad">
          <p>Something went wrong while showing it. Nothing you entered was sent twice.</p>
          <button type="button" className="button button-quiet" onClick={() => window.location.reload()}>
            Load it again
          </button>
        </Notice>
      </Page>
    </main>
  )
}

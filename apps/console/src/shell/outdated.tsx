import { t } from '../texts/catalogue.ts'

/** In place of a part whose code is gone after a deploy, on a page with something typed. The user chooses when to reload. */
export function Outdated() {
  return (
    <div className="toasts">
      <div className="toast" role="alert">
        <div className="toast-content">
          <p>{t.pages.outdated.lead}</p>
          <button type="button" className="button button-quiet" onClick={() => window.location.reload()}>
            {t.pages.outdated.reload}
          </button>
        </div>
      </div>
    </div>
  )
}

import { t } from '../texts/catalogue.ts'
import { Notice } from './notice.tsx'
import { Problem } from './problem.tsx'

/** Shown in place of content that failed to load. */
export function LoadFailure({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <Notice tone="bad">
      <p>
        <Problem error={error} />
      </p>
      <button type="button" className="button button-quiet" onClick={retry}>
        {t.parts.tryAgain}
      </button>
    </Notice>
  )
}

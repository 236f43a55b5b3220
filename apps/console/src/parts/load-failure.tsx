import { isTollgateError } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import { Notice } from './notice.tsx'
import { Problem } from './problem.tsx'

/** After these, another try has the same outcome: it does not exist, or this user may not see it. */
const FINAL: ReadonlySet<string> = new Set(['NOT_FOUND', 'BAD_REQUEST', 'FORBIDDEN'])

/** Shown in place of content that failed to load. Input that is refused there comes from the page's address. */
export function LoadFailure({ error, retry }: { error: unknown; retry: () => void }) {
  const isFinal = isTollgateError(error) && FINAL.has(error.data.code)
  return (
    <Notice tone="bad">
      <p>{isTollgateError(error, 'INVALID_INPUT') ? t.parts.notFound : <Problem error={error} />}</p>
      {!isFinal && (
        <button type="button" className="button button-quiet" onClick={retry}>
          {t.parts.tryAgain}
        </button>
      )}
    </Notice>
  )
}

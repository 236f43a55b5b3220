import { isTollgateError } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import { Notice } from './notice.tsx'
import { Problem } from './problem.tsx'

/** After these, another try has the same outcome: it does not exist, or this user may not see it. */
const FINAL: ReadonlySet<string> = new Set(['NOT_FOUND', 'BAD_REQUEST', 'FORBIDDEN'])

interface LoadFailureProps {
  error: unknown
  retry: () => void
  /** The reader has typed what the backend may refuse, such as a filter. Otherwise it comes from the page's address. */
  isTyped?: boolean
}

/** Shown in place of content that failed to load. */
export function LoadFailure({ error, retry, isTyped = false }: LoadFailureProps) {
  const isFinal = isTollgateError(error) && FINAL.has(error.data.code)
  return (
    <Notice tone="bad">
      <p>{!isTyped && isTollgateError(error, 'INVALID_INPUT') ? t.parts.notFound : <Problem error={error} />}</p>
      {!isFinal && (
        <button type="button" className="button button-quiet" onClick={retry}>
          {t.parts.tryAgain}
        </button>
      )}
    </Notice>
  )
}

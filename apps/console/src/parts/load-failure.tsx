import { explain } from '../words/reasons.ts'
import { Notice } from './notice.tsx'

/** Shown in place of content that failed to load. */
export function LoadFailure({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <Notice tone="bad">
      <p>{explain(error)}</p>
      <button type="button" className="button button-quiet" onClick={retry}>
        Try again
      </button>
    </Notice>
  )
}

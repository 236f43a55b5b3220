import { useId, useState } from 'react'
import { Notice } from '../../parts/notice.tsx'
import { t } from '../texts/catalogue.ts'

export interface SecretProps {
  title: string
  /** What it is. */
  label: string
  value: string
  /** What to do with it. */
  note: string
  onDone: () => void
}

/** A secret that is shown only now, in a dialog. */
export function Secret({ label, value, note, onDone }: SecretProps) {
  const id = useId()
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value)
      setOutcome('copied')
    } catch {
      setOutcome('failed') // pages without https have no clipboard
    }
  }
  return (
    <div className="act">
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          className="secret"
          readOnly
          value={value}
          spellCheck={false}
          autoComplete="off"
          onFocus={({ target }) => target.select()}
        />
      </div>
      <p>{note}</p>
      {outcome === 'failed' && <Notice tone="bad">{t.kit.secret.notCopied}</Notice>}
      <p className="actions">
        <button type="button" className="button" onClick={() => void copy()}>
          <span aria-live="polite">{outcome === 'copied' ? t.kit.secret.copied : t.kit.secret.copy}</span>
        </button>
        <button type="button" className="button button-quiet" onClick={onDone}>
          {t.kit.secret.done}
        </button>
      </p>
    </div>
  )
}

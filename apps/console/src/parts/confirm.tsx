import { useRef, useState } from 'react'
import { BusyButton } from './busy-button.tsx'
import { Dialog } from './dialog.tsx'
import { Notice } from './notice.tsx'
import { Problem } from './problem.tsx'

interface ConfirmProps {
  /** The label of the button that opens the question, with an ellipsis. */
  open: string
  /** Names the button for screen readers, if its label is not enough. */
  openFully?: string
  question: string
  /** What happens, one sentence each. */
  consequences: readonly string[]
  yes: string
  no: string
  busy: boolean
  error: unknown
  onYes: (close: () => void) => void
  /** Forgets the error. */
  onClose: () => void
}

/** A button that asks for a confirmation first. */
export function Confirm({
  open,
  openFully,
  question,
  consequences,
  yes,
  no,
  busy,
  error,
  onYes,
  onClose,
}: ConfirmProps) {
  const [isOpen, setIsOpen] = useState(false)
  const refuse = useRef<HTMLButtonElement>(null)
  const change = (next: boolean) => {
    setIsOpen(next)
    if (!next) onClose()
  }
  return (
    <>
      <button type="button" className="button button-quiet" aria-label={openFully} onClick={() => change(true)}>
        {open}
      </button>
      <Dialog title={question} isOpen={isOpen} onOpenChange={change} initialFocus={refuse} isBusy={busy}>
        <ul className="bullets">
          {consequences.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
        {error !== null && (
          <Notice tone="bad">
            <Problem error={error} />
          </Notice>
        )}
        <p className="actions">
          <button
            ref={refuse}
            type="button"
            className="button button-quiet"
            aria-disabled={busy}
            onClick={() => !busy && change(false)}
          >
            {no}
          </button>
          <BusyButton data-tone="bad" busy={busy} onClick={() => onYes(() => change(false))}>
            {yes}
          </BusyButton>
        </p>
      </Dialog>
    </>
  )
}

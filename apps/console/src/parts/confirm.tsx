import { errorText } from '@tollgate/client'
import { useId, useRef } from 'react'
import { BusyButton } from './busy-button.tsx'
import { Notice } from './notice.tsx'

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
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const close = () => dialog.current?.close()
  return (
    <>
      <button
        type="button"
        className="button button-quiet"
        aria-label={openFully}
        onClick={() => dialog.current?.showModal()}
      >
        {open}
      </button>
      <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={onClose}>
        <h2 id={id}>{question}</h2>
        <ul className="bullets">
          {consequences.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
        {error !== null && <Notice tone="bad">{errorText(error)}</Notice>}
        <p className="actions">
          <button type="button" className="button button-quiet" onClick={close}>
            {no}
          </button>
          <BusyButton data-tone="bad" busy={busy} onClick={() => onYes(close)}>
            {yes}
          </BusyButton>
        </p>
      </dialog>
    </>
  )
}

import { useMutation } from '@tanstack/react-query'
import { errorText } from '@tollgate/client'
import { useRef } from 'react'
import { useNavigate } from 'react-router'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'

/** Closes the user's account after a confirmation. */
export function Deactivate() {
  const question = useRef<HTMLDialogElement>(null)
  const navigate = useNavigate()
  const deactivate = useMutation(
    trpc.auth.deactivate.mutationOptions({
      onSuccess: () => navigate('/account-closed', { replace: true }), // the client has ended the session
    }),
  )
  return (
    <section className="card" aria-labelledby="deactivate">
      <h2 id="deactivate">Deactivate account</h2>
      <p>After that, you can no longer log in, and only an administrator can reactivate your account.</p>
      <p className="actions">
        <button type="button" className="button button-quiet" onClick={() => question.current?.showModal()}>
          Deactivate my account…
        </button>
      </p>
      <dialog ref={question} className="dialog" aria-labelledby="deactivate-question" onClose={deactivate.reset}>
        <h2 id="deactivate-question">Deactivate your account?</h2>
        <ul className="bullets">
          <li>You will be logged out on all devices.</li>
          <li>An active subscription will be canceled at the end of the paid period.</li>
          <li>You can't undo this yourself.</li>
        </ul>
        {deactivate.error && <Notice tone="bad">{errorText(deactivate.error)}</Notice>}
        <p className="actions">
          <button type="button" className="button button-quiet" onClick={() => question.current?.close()}>
            Keep my account
          </button>
          <BusyButton data-tone="bad" busy={deactivate.isPending} onClick={() => deactivate.mutate()}>
            Yes, deactivate it
          </BusyButton>
        </p>
      </dialog>
    </section>
  )
}

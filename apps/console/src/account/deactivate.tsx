import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { useNavigate } from 'react-router'
import { api, trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { explain } from '../words/reasons.ts'

/** Closes the user's account after a confirmation. */
export function Deactivate() {
  const question = useRef<HTMLDialogElement>(null)
  const navigate = useNavigate()
  const deactivate = useMutation(
    trpc.auth.deactivate.mutationOptions({
      async onSuccess() {
        await api.auth.logout.mutate()
        await navigate('/account-closed', { replace: true })
      },
    }),
  )
  return (
    <section className="card" aria-labelledby="deactivate">
      <h2 id="deactivate">Leave</h2>
      <p>You can deactivate your account. Nobody can log in to it then, and only an administrator can bring it back.</p>
      <p className="actions">
        <button type="button" className="button button-quiet" onClick={() => question.current?.showModal()}>
          Deactivate my account…
        </button>
      </p>
      <dialog ref={question} className="dialog" aria-labelledby="deactivate-question" onClose={deactivate.reset}>
        <h2 id="deactivate-question">Deactivate your account?</h2>
        <ul className="bullets">
          <li>You are logged out everywhere, at once.</li>
          <li>A running subscription is canceled at the end of the time you have paid for.</li>
          <li>You cannot take this back yourself.</li>
        </ul>
        {deactivate.error && <Notice tone="bad">{explain(deactivate.error)}</Notice>}
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

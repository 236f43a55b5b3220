import { useMutation } from '@tanstack/react-query'
import { Link } from 'react-router'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { Problem } from '../parts/problem.tsx'
import { t } from '../texts/catalogue.ts'
import { isStandInAddress } from './stand-in-address.ts'

/** Sends a link to set the first password. By email, so that a borrowed browser is not enough to set one. */
export function SendPasswordLink({ email }: { email: string }) {
  const send = useMutation(trpc.auth.forgotPassword.mutationOptions())
  const words = t.account.setPassword
  if (isStandInAddress(email)) {
    return (
      <>
        <p>{words.needsAddress}</p>
        <p className="actions">
          <Link className="button" to="/profile">
            {words.addAddress}
          </Link>
        </p>
      </>
    )
  }
  if (send.isSuccess) return <Notice tone="good">{words.sent(email)}</Notice>
  return (
    <>
      {send.error && (
        <Notice tone="bad">
          <Problem error={send.error} />
        </Notice>
      )}
      <p className="actions">
        <BusyButton busy={send.isPending} onClick={() => send.mutate({ email })}>
          {words.submit}
        </BusyButton>
      </p>
    </>
  )
}

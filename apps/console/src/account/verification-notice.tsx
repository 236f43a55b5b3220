import { useMutation, useQueryClient } from '@tanstack/react-query'
import { errorText } from '@tollgate/client'
import { Link } from 'react-router'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'

/** Asks users with an unverified address to verify it. */
export function VerificationNotice() {
  const user = useUser()
  if (!user || user.isVerified) return null
  return (
    <Notice tone="warning">
      <p>
        <strong>{t.verification.title}</strong> {t.verification.what(user.email)}
      </p>
      <SendAgain />
      <p className="quiet">
        {t.verification.wrongAddress} <Link to="/profile">{t.verification.change}</Link>
      </p>
    </Notice>
  )
}

/** Sends a new verification email. */
export function SendAgain() {
  const queryClient = useQueryClient()
  const send = useMutation(
    trpc.auth.requestEmailVerification.mutationOptions({
      onSuccess: ({ sent }) => (sent ? undefined : queryClient.invalidateQueries(trpc.auth.me.queryFilter())),
    }),
  )
  return (
    <div className="send-again">
      <BusyButton quiet busy={send.isPending} onClick={() => send.mutate()}>
        {t.verification.sendAgain}
      </BusyButton>
      <p role="status">
        {send.data?.sent === true && t.verification.sentAgain}
        {send.data?.sent === false && t.verification.alreadyVerified}
        {send.error && errorText(send.error)}
      </p>
    </div>
  )
}

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { errorText } from '@tollgate/client'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { useUser } from '../session/use-user.ts'

/** Asks users with an unverified address to verify it. */
export function VerificationNotice() {
  const user = useUser()
  if (!user || user.isVerified) return null
  return (
    <Notice tone="warning">
      <p>
        <strong>Please verify your email address.</strong> Open the email we sent to {user.email} and follow the link.
        Then you can subscribe.
      </p>
      <SendAgain />
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
        Send a new email
      </BusyButton>
      <p role="status">
        {send.data?.sent === true && 'Sent. Check your inbox.'}
        {send.data?.sent === false && 'Your address is already verified.'}
        {send.error && errorText(send.error)}
      </p>
    </div>
  )
}

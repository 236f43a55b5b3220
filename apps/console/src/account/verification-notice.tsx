import { useMutation, useQueryClient } from '@tanstack/react-query'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { useUser } from '../session/use-user.ts'
import { explain } from '../words/reasons.ts'

/** Asks users with an unverified address to verify it. */
export function VerificationNotice() {
  const user = useUser()
  if (!user || user.isVerified) return null
  return (
    <Notice tone="warning">
      <p>
        <strong>Please verify your e-mail address.</strong> Open the mail that we sent to {user.email} and follow its
        link: after that you can subscribe.
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
        Send a new mail
      </BusyButton>
      <p role="status">
        {send.data?.sent === true && 'Sent. Please look into your inbox.'}
        {send.data?.sent === false && 'Your address is verified already.'}
        {send.error && explain(send.error)}
      </p>
    </div>
  )
}

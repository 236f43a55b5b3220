import { useMutation, useQueryClient } from '@tanstack/react-query'
import { errorText, isTollgateError } from '@tollgate/client'
import { Link, useSearchParams } from 'react-router'
import { SendAgain } from '../account/verification-notice.tsx'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { logInPath } from '../session/local-path.ts'
import { useUser } from '../session/use-user.ts'

/** The verification email links here. Mail scanners open links, too, so only a click on the button uses the link up. */
export function VerifyEmail() {
  const token = useSearchParams()[0].get('token')
  const queryClient = useQueryClient()
  const verify = useMutation(
    trpc.auth.verifyEmail.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.auth.me.queryFilter()),
    }),
  )

  if (verify.data) return <Verified already={verify.data.alreadyVerified} />
  if (!token || isTollgateError(verify.error, 'TOKEN_INVALID') || isTollgateError(verify.error, 'TOKEN_EXPIRED')) {
    return <NeedsNewEmail why={verify.error ? errorText(verify.error) : 'This link is incomplete.'} />
  }
  return (
    <Page title="Verify your address" narrow>
      <p className="lead">Click the button to confirm that this address is yours.</p>
      {verify.error && <Notice tone="bad">{errorText(verify.error)}</Notice>}
      <p className="actions">
        <BusyButton busy={verify.isPending} onClick={() => verify.mutate({ token })}>
          Verify my address
        </BusyButton>
      </p>
    </Page>
  )
}

function Verified({ already }: { already: boolean }) {
  const user = useUser()
  return (
    <Page title="Your address is verified" narrow takesOver>
      <Notice tone="good">
        {already ? 'Your address was already verified.' : 'Thank you. Now you can choose a plan.'}
      </Notice>
      <p className="actions">
        <Link className="button" to={user ? '/plans' : logInPath('/plans')}>
          {user ? 'See the plans' : 'Log in'}
        </Link>
      </p>
    </Page>
  )
}

function NeedsNewEmail({ why }: { why: string }) {
  const user = useUser()
  return (
    <Page title="Verify your address" narrow>
      <Notice tone="bad">{why}</Notice>
      {user?.isVerified && <p className="lead">Your address {user.email} is already verified.</p>}
      {user && !user.isVerified && (
        <>
          <p className="lead">We can send a new link to {user.email}.</p>
          <SendAgain />
        </>
      )}
      {!user && (
        <p className="lead">
          <Link to={logInPath('/verify-email')}>Log in</Link> to get a new link.
        </p>
      )}
    </Page>
  )
}

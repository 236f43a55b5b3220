import { useMutation } from '@tanstack/react-query'
import { errorText } from '@tollgate/client'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Page } from '../parts/page.tsx'

/** The second step of a login by code. It doesn't reveal whether an account with this address exists. */
export function EnterCode({ address, startAgain }: { address: string; startAgain: () => void }) {
  const logIn = useMutation(trpc.auth.loginWithCode.mutationOptions())
  const again = useMutation(trpc.auth.requestLoginCode.mutationOptions({ onSuccess: () => logIn.reset() }))
  return (
    <Page title="Enter the code" narrow>
      <p className="lead">
        If there is an account with the address <strong>{address}</strong>, we sent it a six-digit code.
      </p>
      <Form
        submit="Log in"
        isNext
        busy={logIn.isPending}
        error={logIn.error}
        fieldOf={{ CODE_INVALID: 'code' }}
        onSubmit={(read) => {
          again.reset()
          logIn.mutate({ email: address, code: read('code').replaceAll(/\D/g, '') })
        }}
      >
        <Field name="code" label="Code" className="code" inputMode="numeric" autoComplete="one-time-code" required />
      </Form>
      <div className="send-again">
        <BusyButton quiet busy={again.isPending} onClick={() => again.mutate({ email: address })}>
          Send a new code
        </BusyButton>
        <button type="button" className="button button-quiet" onClick={startAgain}>
          Use a different address
        </button>
        <p role="status">
          {again.isSuccess && 'Sent. Only the newest code works.'}
          {again.error && errorText(again.error)}
        </p>
      </div>
    </Page>
  )
}

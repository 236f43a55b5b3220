import { useMutation } from '@tanstack/react-query'
import { errorText } from '@tollgate/client'
import { trpc } from '../api.ts'
import { AuthPage } from '../parts/auth-page.tsx'
import { BusyButton } from '../parts/busy-button.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { t } from '../texts/catalogue.ts'

/** The second step of a login by code. It doesn't reveal whether an account with this address exists. */
export function EnterCode({ address, startAgain }: { address: string; startAgain: () => void }) {
  const logIn = useMutation(trpc.auth.loginWithCode.mutationOptions())
  const again = useMutation(trpc.auth.requestLoginCode.mutationOptions({ onSuccess: () => logIn.reset() }))
  return (
    <AuthPage title={t.auth.code.enter}>
      <p className="quiet">{t.auth.code.sentTo(address)}</p>
      <Form
        submit={t.auth.code.logIn}
        isNext
        busy={logIn.isPending}
        error={logIn.error}
        fieldOf={{ CODE_INVALID: 'code' }}
        onSubmit={(read) => {
          again.reset()
          logIn.mutate({ email: address, code: read('code').replaceAll(/\D/g, '') })
        }}
      >
        <Field
          name="code"
          label={t.auth.code.code}
          className="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
        />
      </Form>
      <div className="send-again">
        <BusyButton quiet busy={again.isPending} onClick={() => again.mutate({ email: address })}>
          {t.auth.code.again}
        </BusyButton>
        <button type="button" className="button button-quiet" onClick={startAgain}>
          {t.auth.code.otherAddress}
        </button>
        <p role="status">
          {again.isSuccess && t.auth.code.sent}
          {again.error && errorText(again.error)}
        </p>
      </div>
    </AuthPage>
  )
}

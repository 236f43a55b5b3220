import { useMutation } from '@tanstack/react-query'
import { reasonText, type SessionEndReason } from '@tollgate/client'
import { Link, useLocation } from 'react-router'
import { restoreSession, trpc } from '../api.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { t } from '../texts/catalogue.ts'
import { lastUser } from './last-user.ts'
import { logInPath } from './local-path.ts'

/** Over a page whose session has ended in the middle of a form: what was typed stays below, and goes on after a login. */
export function LogInAgain({ because }: { because: SessionEndReason }) {
  const { pathname, search } = useLocation()
  const logIn = useMutation(trpc.auth.login.mutationOptions())
  const words = t.auth.again
  const here = logInPath(`${pathname}${search}`, because)
  return (
    <Dialog title={words.title} isOpen onOpenChange={() => null} isFinal>
      <p>
        {reasonText(because)} {words.kept}
      </p>
      <Form
        submit={words.submit}
        isNext
        busy={logIn.isPending}
        error={logIn.error}
        onSubmit={(read) => logIn.mutate({ email: read('email'), password: read('password') })}
      >
        <Field
          name="email"
          label={t.auth.email}
          type="email"
          autoComplete="username"
          defaultValue={lastUser()?.email}
          required
        />
        <PasswordField name="password" label={t.auth.password} autoComplete="current-password" />
      </Form>
      <ul className="ways">
        <li>
          <a href={logInPath('/')} target="_blank" rel="noreferrer">
            {words.otherWay}
          </a>
        </li>
        <li>
          <button type="button" className="link" onClick={() => void restoreSession()}>
            {words.whenDone}
          </button>
        </li>
        <li>
          <Link to={here} reloadDocument>
            {words.leave}
          </Link>
        </li>
      </ul>
    </Dialog>
  )
}

import { Link } from 'react-router'
import { t } from '../texts/catalogue.ts'

/** Shown where a password is required, for users who don't know theirs. */
export function PasswordByMail() {
  return (
    <p className="quiet">
      {t.account.passwordByMail.question} <Link to="/forgot-password">{t.account.passwordByMail.link}</Link>
    </p>
  )
}

import { Link } from 'react-router'

/** For those who are asked for a password that they don't know. */
export function PasswordByMail() {
  return (
    <p className="quiet">
      Forgot it, or never had one? <Link to="/forgot-password">Set one with a link from a mail</Link>
    </p>
  )
}

import { Link } from 'react-router'

/** Shown where a password is required, for users who don't know theirs. */
export function PasswordByMail() {
  return (
    <p className="quiet">
      Forgot it, or never had one? <Link to="/forgot-password">Set a password by email</Link>
    </p>
  )
}
